/**
 * Keeps decisions to commit on disk until every branch has confirmed. It knows transactions by name
 * only: who prepares, commits and retries is the business of the room {@code xa}.
 */
@NullMarked
package dev.tandem.coordinator.xa.log;

import org.jspecify.annotations.NullMarked;
