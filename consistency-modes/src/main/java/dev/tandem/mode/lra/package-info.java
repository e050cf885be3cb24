/**
 * Keeps both services in step by a long running action: each side writes the limit down as
 * tentative and commits at once, then both complete or both compensate. No database lock outlives a
 * local transaction; while the action is open, orders go on under the lower of both limits.
 */
@NullMarked
package dev.tandem.mode.lra;

import org.jspecify.annotations.NullMarked;
