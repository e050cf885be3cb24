package dev.tandem.customer.limitchanges;

import dev.tandem.customer.customers.Customers;
import dev.tandem.customer.customers.ShopSettings;
import dev.tandem.customer.limitchanges.LimitChangeView.Step;
import dev.tandem.mode.ChangeId;
import dev.tandem.mode.CopyQuestions;
import dev.tandem.mode.CopyQuestions.Answer;
import dev.tandem.mode.CopyQuestions.Knowledge;
import dev.tandem.mode.CustomerId;
import dev.tandem.mode.Outcome;
import dev.tandem.rest.ApiProblem;
import dev.tandem.rest.Cursor;
import dev.tandem.rest.Page;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "Limit changes")
class LimitChangeApi {

  private static final String COPY_AWAY =
      "order-service is away: whether it has the change is not shown.";

  private final LimitChanges changes;
  private final Resolution resolution;
  private final Customers customers;
  private final CopyQuestions copy;
  private final ShopSettings shop;

  LimitChangeApi(
      LimitChanges changes,
      Resolution resolution,
      Customers customers,
      CopyQuestions copy,
      ShopSettings shop) {
    this.changes = changes;
    this.resolution = resolution;
    this.customers = customers;
    this.copy = copy;
    this.shop = shop;
  }

  @GetMapping("/limit-changes/{id}")
  @Operation(
      summary = "What became of a limit change",
      description =
          "An open outcome is found out on the way, once nobody works on it any more."
              + " `applied`: order-service says that it has the change too. `decided`:"
              + " customer-service has applied it, and order-service did not say so just now (see"
              + " `note`); it will be on both sides (`besteffort` does not promise that)."
              + " `pending`: it is written down as tentative and may still go either way;"
              + " `compensated`: it was, and was taken back."
              + " `unknown`: nobody who could be reached knows, or the two sides contradict each"
              + " other: `detail` says which.")
  @ApiResponse(
      responseCode = "200",
      description = "The change, its state and its steps with times",
      headers = {
        @Header(name = "Consistency-Mode", description = "The mode that carried it"),
        @Header(
            name = "Consistency-State",
            description =
                "`committed`, `pending` or `compensated`; absent where the change was refused before"
                    + " it was written down")
      })
  @ApiResponse(
      responseCode = "404",
      description = "`unknown-change`: no change of that id was left open, applied or recorded")
  @ApiResponse(responseCode = "503", description = "`database-away`")
  ResponseEntity<LimitChangeView> limitChange(@PathVariable UUID id) {
    var known = resolution.resolve(new ChangeId(id)).orElseThrow(() -> unknownChange(id));
    var refused = known.outcome() instanceof Outcome.Refused no ? no : null;
    var there = refused != null ? null : copy.about(known.change().id());
    var outcome = confirmed(known.outcome(), there);
    var view =
        LimitChangeView.of(known.change(), outcome, shop.currency())
            .with(
                steps(known.change(), there), says(there, Knowledge.NO_ANSWER) ? COPY_AWAY : null);
    var answer = ResponseEntity.ok();
    if (view.mode() != null) {
      answer.header(ChangeAnswers.MODE, view.mode());
    }
    if (outcome instanceof Outcome.Applied applied && applied.everywhere()) {
      answer.header(ChangeAnswers.STATE, ChangeAnswers.COMMITTED);
    } else if (refused == null) {
      answer.header(ChangeAnswers.STATE, ChangeAnswers.PENDING);
    } else if (refused.compensated()) {
      answer.header(ChangeAnswers.STATE, ChangeAnswers.COMPENSATED);
    }
    return answer.body(view);
  }

  @GetMapping("/customers/{id}/creditlimit/history")
  @Operation(
      summary = "All changes of a customer's limit, in the order in which they were recorded",
      description =
          "Applied ones, pending ones, and recorded refusals (`compensated` if the change had been"
              + " pending); nothing is ever taken out. `applied` means here:"
              + " by the owner, customer-service. Whether order-service has it too,"
              + " `/limit-changes/{id}` tells.")
  @ApiResponse(
      responseCode = "200",
      description = "A page; `next` is the cursor of the following one, absent on the last")
  @ApiResponse(responseCode = "404", description = "`unknown-customer`")
  Page<LimitChangeView> history(
      @PathVariable UUID id,
      @Parameter(description = "Entries per page, 1 to " + Page.MAX_LIMIT)
          @RequestParam(defaultValue = "" + Page.DEFAULT_LIMIT)
          int limit,
      @Parameter(description = "`next` of the page before; absent for the first page")
          @RequestParam(required = false)
          @Nullable String cursor) {
    var customer = new CustomerId(id);
    var rows = changes.historyOf(customer, Cursor.parse(cursor), Page.checkLimit(limit) + 1);
    if (rows.isEmpty() && customers.find(customer).isEmpty()) {
      throw ApiProblem.of(
          HttpStatus.NOT_FOUND, "unknown-customer", "There is no customer " + id + ".");
    }
    return Page.of(
        rows,
        limit,
        LimitChange::number,
        change -> LimitChangeView.of(change, change.outcome(), shop.currency()));
  }

  /**
   * The own branch may have committed before the copy's, and nobody noted it down: what the owner
   * has applied is on both sides only once the copy says so.
   */
  private static Outcome confirmed(Outcome outcome, @Nullable Answer there) {
    if (!(outcome instanceof Outcome.Applied applied)) {
      return outcome;
    }
    if (says(there, Knowledge.REFUSED)) {
      return new Outcome.Unknown(
          applied.change(), "It is applied at customer-service, but refused at order-service.");
    }
    return new Outcome.Applied(applied.change(), applied.version(), says(there, Knowledge.APPLIED));
  }

  private static List<Step> steps(LimitChange change, @Nullable Answer there) {
    var steps = new ArrayList<Step>();
    add(steps, "requested", change.requestedAt());
    add(steps, "pending", change.pendingSince());
    if (change.refusal() != null) {
      add(steps, change.pendingSince() == null ? "refused" : "compensated", change.recordedAt());
    }
    if (change.version() != null) {
      add(steps, "applied-by-owner", change.recordedAt());
    }
    if (there != null && there.knowledge() == Knowledge.APPLIED) {
      add(steps, "taken-by-copy", there.recordedAt());
    }
    return steps;
  }

  private static boolean says(@Nullable Answer there, Knowledge knowledge) {
    return there != null && there.knowledge() == knowledge;
  }

  private static void add(List<Step> steps, String step, @Nullable Instant at) {
    if (at != null) {
      steps.add(new Step(step, at));
    }
  }

  private static ApiProblem unknownChange(UUID id) {
    return ApiProblem.of(
        HttpStatus.NOT_FOUND,
        "unknown-change",
        "There is no change " + id + ", or it was refused and may be sent again.");
  }
}
