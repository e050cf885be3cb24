/**
 * customer-service: owns customers and their credit limits, and starts every change of one. What
 * keeps the copy in order-service in step is the business of the mode in force, not of this
 * service.
 */
@NullMarked
package dev.tandem.customer;

import org.jspecify.annotations.NullMarked;
