/** The process that decides global transactions. It knows nothing of credit. */
@NullMarked
package dev.tandem.coordinator;

import org.jspecify.annotations.NullMarked;
