/** Proves that a decision outlives crashes, full disks and interrupts, and that damage is told. */
@NullMarked
package dev.tandem.coordinator.xa.log;

import org.jspecify.annotations.NullMarked;
