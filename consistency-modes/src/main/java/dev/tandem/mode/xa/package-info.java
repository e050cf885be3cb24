/**
 * Keeps both services in step by two-phase commit over HTTP. A participant prepares before it
 * answers the work call; tx-coordinator decides and recovers. While a branch is in doubt, the
 * orders of its customer wait, and only those.
 */
@NullMarked
package dev.tandem.mode.xa;

import org.jspecify.annotations.NullMarked;
