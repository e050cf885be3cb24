package dev.tandem.stack.figures;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

/**
 * Changes of limits at a fixed rate, whatever the answers take: an open loop. Each customer is
 * changed in turn; with a thousand of them, an answer has come before the next change.
 */
final class SteadyLoad {

  private final String url;
  private final List<String> customers;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  SteadyLoad(String url, List<String> customers) {
    this.url = url;
    this.customers = customers;
  }

  /** Sends the changes when they are due; gives the answers that were none of success. */
  long run(int perSecond, Duration length) {
    var answers = new ArrayList<CompletableFuture<HttpResponse<Void>>>();
    long begun = System.nanoTime();
    long all = length.toSeconds() * perSecond;
    for (int i = 0; i < all; i++) {
      long due = begun + i * 1_000_000_000L / perSecond;
      while (System.nanoTime() < due) {
        LockSupport.parkNanos(due - System.nanoTime());
      }
      answers.add(change(customers.get(i % customers.size()), 500 + i % 100));
    }
    return answers.stream().filter(answer -> answer.join().statusCode() != 200).count();
  }

  private CompletableFuture<HttpResponse<Void>> change(String customer, int amount) {
    var put =
        HttpRequest.newBuilder(URI.create(url + "/customers/" + customer + "/creditlimit"))
            .header("If-Match", "*")
            .header("Content-Type", "application/json")
            .PUT(BodyPublishers.ofString("{\"amount\":" + amount + "}"))
            .build();
    return http.sendAsync(put, BodyHandlers.discarding());
  }
}
