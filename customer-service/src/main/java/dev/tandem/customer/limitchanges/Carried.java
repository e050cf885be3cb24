package dev.tandem.customer.limitchanges;

import dev.tandem.mode.Outcome;

/** A wish that was carried to the end, or as far as it is known. */
record Carried(Wish wish, String mode, Outcome outcome) {}
