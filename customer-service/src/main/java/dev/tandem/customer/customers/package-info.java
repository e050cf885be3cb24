/** The customers, as their owner knows them. Their limits change in {@code limitchanges} only. */
@NullMarked
package dev.tandem.customer.customers;

import org.jspecify.annotations.NullMarked;
