/**
 * Two local commits, one after the other, with nothing to hold them together. Never on by default:
 * it is the floor that the other modes are measured against, and the liar that checks must catch.
 */
@NullMarked
package dev.tandem.mode.besteffort;

import org.jspecify.annotations.NullMarked;
