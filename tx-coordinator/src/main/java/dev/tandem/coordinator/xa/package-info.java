/**
 * Two-phase commit over HTTP: Atomikos decides and recovers, this room keeps the table of live
 * transactions, speaks the participants' verbs and answers the callers. A decision is what the log
 * says, never what an exception says.
 */
@NullMarked
package dev.tandem.coordinator.xa;

import org.jspecify.annotations.NullMarked;
