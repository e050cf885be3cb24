package dev.tandem.customer.limitchanges;

import dev.tandem.customer.customers.Customers;
import dev.tandem.customer.customers.ShopSettings;
import dev.tandem.customer.limitchanges.LimitChangeView.Step;
import dev.tandem.mode.ChangeId;
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

  private final LimitChanges changes;
  private final Resolution resolution;
  private final Customers customers;
  private final TheCopy copy;
  private final ShopSettings shop;

  LimitChangeApi(
      LimitChanges changes,
      Resolution resolution,
      Customers customers,
      TheCopy copy,
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
      description = "An open outcome is found out on the way, once nobody works on it any more.")
  @ApiResponse(
      responseCode = "200",
      description = "The change, its state and its steps with times",
      headers = {
        @Header(name = "Consistency-Mode", description = "The mode that carried it"),
        @Header(
            name = "Consistency-State",
            description = "`committed` or `pending`; absent where the change was refused")
      })
  @ApiResponse(
      responseCode = "404",
      description = "`unknown-change`: no change of that id was left open, applied or recorded")
  @ApiResponse(responseCode = "503", description = "`database-away`")
  ResponseEntity<LimitChangeView> limitChange(@PathVariable UUID id) {
    var known = resolution.resolve(new ChangeId(id)).orElseThrow(() -> unknownChange(id));
    var view = LimitChangeView.of(known.change(), known.outcome(), shop.currency());
    var answer = ResponseEntity.ok();
    if (view.mode() != null) {
      answer.header(ChangeAnswers.MODE, view.mode());
    }
    if (known.outcome() instanceof Outcome.Applied applied && applied.everywhere()) {
      answer.header(ChangeAnswers.STATE, ChangeAnswers.COMMITTED);
    } else if (!(known.outcome() instanceof Outcome.Refused)) {
      answer.header(ChangeAnswers.STATE, ChangeAnswers.PENDING);
    }
    return answer.body(withSteps(view, known.change()));
  }

  @GetMapping("/customers/{id}/creditlimit/history")
  @Operation(
      summary = "All changes of a customer's limit, in the order in which they were recorded",
      description = "Applied ones and recorded refusals; nothing is ever taken out.")
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

  private LimitChangeView withSteps(LimitChangeView view, LimitChange change) {
    var steps = new ArrayList<Step>();
    add(steps, "requested", change.requestedAt());
    if (change.refusal() != null) {
      add(steps, "refused", change.recordedAt());
      return view.with(steps, null);
    }
    if (change.version() != null) {
      add(steps, "applied-by-owner", change.recordedAt());
    }
    var there = copy.of(change.id());
    if (there != null && there.state().equals("applied")) {
      add(steps, "taken-by-copy", there.recordedAt());
    }
    return view.with(
        steps, there == null ? "order-service is away: its steps are not shown." : null);
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
