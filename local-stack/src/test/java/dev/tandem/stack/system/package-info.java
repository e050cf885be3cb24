/**
 * The shop as its users meet it: every test here works on real processes, through the public API,
 * and looks into both databases afterwards. What happens at exact steps of a crash is not for this
 * package, see {@code crash}.
 */
@NullMarked
package dev.tandem.stack.system;

import org.jspecify.annotations.NullMarked;
