/**
 * How every public answer of Tandem speaks: problems, money, pages and limits on bodies. No
 * business rule lives here.
 */
@NullMarked
package dev.tandem.rest;

import org.jspecify.annotations.NullMarked;
