package dev.tandem.stack.soak;

import dev.tandem.stack.shop.Answer;
import dev.tandem.stack.shop.ShopClient;
import dev.tandem.stack.soak.Deed.Kind;
import dev.tandem.stack.soak.Deed.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;

/** One client of the shop: changes limits, orders, cancels, and now and then makes a customer. */
final class Client {
  private static final int LARGEST_LIMIT = 500;
  private static final int LARGEST_ORDER = 120;

  private final ShopClient shop;
  private final String customersUrl;
  private final List<String> customers;
  private final Random random;
  private final List<String> openOrders = new ArrayList<>();

  /**
   * @param customers those of all clients; grows
   */
  Client(ShopClient shop, String customerService, List<String> customers, Random random) {
    this.shop = shop;
    this.customersUrl = customerService + "/customers";
    this.customers = customers;
    this.random = random;
  }

  Deed doSomething() {
    int dice = random.nextInt(100);
    if (dice < 45) {
      return changeALimit();
    }
    if (dice < 50) {
      return createACustomer();
    }
    return dice < 65 && !openOrders.isEmpty() ? cancelAnOrder() : placeAnOrder();
  }

  /** Many of these limits are below what is open, so that order-service vetoes them. */
  private Deed changeALimit() {
    var customer = someCustomer();
    var seen = shop.customer(customer);
    if (seen.status() != 200) {
      return Deed.look(seen);
    }
    var key = UUID.randomUUID().toString();
    return Deed.change(key, shop.changeLimit(customer, seen.version(), amount(LARGEST_LIMIT), key));
  }

  private Deed createACustomer() {
    var key = UUID.randomUUID().toString();
    var body =
        "{\"name\":\"Ada\",\"creditLimit\":{\"amount\":\"%s\"}}".formatted(amount(LARGEST_LIMIT));
    var answer = shop.send("POST", customersUrl, body, Map.of("Idempotency-Key", key));
    if (answer.status() == 201) {
      customers.add(answer.text("customerId"));
    }
    return Deed.change(key, answer);
  }

  private Deed placeAnOrder() {
    var answer = shop.placeOrder(someCustomer(), amount(LARGEST_ORDER));
    var deed = Deed.order(Kind.ORDER, answer);
    if (answer.text("orderState").equals("APPROVED")) {
      openOrders.add(deed.told());
    }
    return deed;
  }

  /** One whose outcome is open is forgotten, and stays as it may be. */
  private Deed cancelAnOrder() {
    var order = openOrders.remove(random.nextInt(openOrders.size()));
    Answer answer = shop.cancelOrder(order);
    var deed = Deed.order(Kind.CANCEL, answer);
    if (deed.word() == Word.REFUSED) {
      openOrders.add(order);
    }
    return deed;
  }

  private String someCustomer() {
    return customers.get(random.nextInt(customers.size()));
  }

  private String amount(int largest) {
    return 1 + random.nextInt(largest) + "." + (10 + random.nextInt(90));
  }
}
