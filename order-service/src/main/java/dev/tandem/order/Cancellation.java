package dev.tandem.order;

import java.time.Instant;

/** When an order was cancelled, and its place among all that happened to the credit account. */
record Cancellation(Instant at, long sequence) {}
