/**
 * Long Running Actions: Narayana's coordinator in Jersey, with a store, a recovery and a client of
 * our own. It calls configured participants only, and knows nothing of credit.
 */
@NullMarked
package dev.tandem.coordinator.lra;

import org.jspecify.annotations.NullMarked;
