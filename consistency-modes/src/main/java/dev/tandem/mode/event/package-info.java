/**
 * Keeps the copy in step by messages. A change commits at its owner together with its outbox row,
 * and waits for nobody; a relay publishes the row, and the copy takes it, as often as it comes, in
 * the order of the versions. Until then the copy is stale, by an age that it knows.
 */
@NullMarked
package dev.tandem.mode.event;

import org.jspecify.annotations.NullMarked;
