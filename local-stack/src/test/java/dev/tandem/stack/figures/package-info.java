/** What the modes cost, measured side by side in one run: {@code ./mvnw verify -Pfigures}. */
@NullMarked
package dev.tandem.stack.figures;

import org.jspecify.annotations.NullMarked;
