/**
 * Takes what clients wish of a credit limit to the mode in force, and answers what became of it:
 * now, or later when the outcome was open.
 */
@NullMarked
package dev.tandem.customer.limitchanges;

import org.jspecify.annotations.NullMarked;
