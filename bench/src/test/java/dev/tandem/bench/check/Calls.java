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

  /** The same call, made by the negative control. */
  static Call ofTheControl(Call call) {
    return in(0, NegativeControl.WINDOW, call);
  }

  /** The same call, made in that window of that round. */
  static Call in(int round, String window, Call call) {
    return new Call(
        call.number(),
        call.client(),
        call.mode(),
        round,
        window,
        call.operation(),
        call.customer(),
        call.amount(),
        call.intended(),
        call.started(),
        call.ended(),
        call.ending(),
        call.status(),
        call.word(),
        call.version(),
        call.changeId(),
        call.orderId());
  }
}
