package dev.tandem.bench.history;

/** What a client of the shop can ask for. */
public enum Operation {
  CREATE_CUSTOMER,
  CHANGE_LIMIT,
  PLACE_ORDER,
  CANCEL_ORDER,
  READ_CREDIT,
  READ_CUSTOMER
}
