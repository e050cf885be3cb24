package dev.tandem.bench.check;

import dev.tandem.bench.history.Call;
import dev.tandem.bench.history.Ending;
import dev.tandem.bench.history.Operation;

/** Calls of a made-up history. */
public final class Calls {
  private static long numbers;

  private Calls() {}

  public static Call call(
      String mode,
      Operation operation,
      String customer,
      String amount,
      long started,
      long ended,
      Ending ending,
      long version,
      String changeId,
      String orderId) {
    return new Call(
        numbers++,
        "client",
        mode,
        1,
        "healthy",
        operation,
        customer,
        amount,
        started,
        started,
        ended,
        ending,
        ending == Ending.OK ? 200 : 0,
        "",
        version,
        changeId,
        orderId);
  }
}
