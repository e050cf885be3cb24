package dev.tandem.coordinator.xa;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;

/** A participant's port, called over HTTP. */
final class HttpParticipant implements Participant {

  private static final Logger log = LoggerFactory.getLogger(HttpParticipant.class);

  /** The three verbs' answers: {@code vote} of prepare, {@code result} of commit and rollback. */
  private record Reply(int status, @Nullable String vote, @Nullable String result) {
    static final Reply NONE = new Reply(0, null, null);
  }

  private record Body(@Nullable String vote, @Nullable String result) {}

  private record Branches(@Nullable List<String> branches) {}

  private final String name;
  private final RestClient client;
  private final MeterRegistry meters;

  HttpParticipant(String name, RestClient client, MeterRegistry meters) {
    this.name = name;
    this.client = client;
    this.meters = meters;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public List<String> prepared(String coordinator) throws Away {
    try {
      var answer = timed("list", () -> list(coordinator));
      if (answer == null || answer.branches() == null) {
        throw new RestClientException("the answer has no list of branches");
      }
      return answer.branches();
    } catch (RestClientException unanswered) {
      throw new Away(name + " does not list its branches: " + unanswered.getMessage(), unanswered);
    }
  }

  private @Nullable Branches list(String coordinator) {
    return client
        .get()
        .uri("/internal/xa/branches?coordinator={name}", coordinator)
        .retrieve()
        .body(Branches.class);
  }

  @Override
  public Vote prepare(String branch) {
    var reply = call("prepare", branch);
    return reply.status() == HttpStatus.OK.value() && Vote.PREPARED.word().equals(reply.vote())
        ? Vote.PREPARED
        : Vote.ROLLED_BACK;
  }

  @Override
  public Answer commit(String branch) {
    return answer(call("commit", branch), "committed", "rolled-back");
  }

  @Override
  public Answer rollback(String branch) {
    return answer(call("rollback", branch), "rolled-back", "committed");
  }

  /** Status and word must both say it: a proxy's 200 or another 409 is no outcome. */
  private static Answer answer(Reply reply, String done, String contrary) {
    if (reply.status() == HttpStatus.OK.value() && done.equals(reply.result())) {
      return Answer.DONE;
    }
    return reply.status() == HttpStatus.CONFLICT.value() && contrary.equals(reply.result())
        ? Answer.CONTRARY
        : Answer.AWAY;
  }

  private Reply call(String verb, String branch) {
    try {
      return timed(verb, () -> post(verb, branch));
    } catch (RestClientException unanswered) {
      log.debug("{} {} at {}: {}", branch, verb, name, unanswered.getMessage());
      return Reply.NONE;
    }
  }

  private Reply post(String verb, String branch) {
    return client
        .post()
        .uri("/internal/xa/branches/{branch}/{verb}", branch, verb)
        .exchangeForRequiredValue(
            (request, response) -> {
              var status = response.getStatusCode().value();
              if (status != HttpStatus.OK.value() && status != HttpStatus.CONFLICT.value()) {
                return new Reply(status, null, null);
              }
              var body = response.bodyTo(Body.class);
              return body == null ? Reply.NONE : new Reply(status, body.vote(), body.result());
            });
  }

  private <T> T timed(String verb, Supplier<T> call) {
    var sample = Timer.start(meters);
    try {
      return call.get();
    } finally {
      sample.stop(meters.timer("tandem.xa.participant.calls", "participant", name, "verb", verb));
    }
  }
}
