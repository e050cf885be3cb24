package dev.tandem.stack;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * All parts of one stack, described from its settings; the order is that of a reader, and of a
 * start.
 */
final class Parts {
  static final String CUSTOMER_DB = "customer-db";
  static final String ORDER_DB = "order-db";
  static final String BROKER = "broker";
  static final String TX_COORDINATOR = "tx-coordinator";
  static final String CUSTOMER_SERVICE = "customer-service";
  static final String ORDER_SERVICE = "order-service";
  static final List<String> NAMES =
      List.of(CUSTOMER_DB, ORDER_DB, BROKER, TX_COORDINATOR, CUSTOMER_SERVICE, ORDER_SERVICE);

  private static final Map<String, Integer> STANDARD_PORTS =
      new TreeMap<>(
          Map.of(
              "TANDEM_CUSTOMER_DB_PORT", 5441,
              "TANDEM_ORDER_DB_PORT", 5442,
              "TANDEM_BROKER_PORT", 61616,
              "TANDEM_BROKER_HEALTH_PORT", 9161,
              "TANDEM_TX_COORDINATOR_PORT", 9090,
              "TANDEM_CUSTOMER_SERVICE_PORT", 8081,
              "TANDEM_CUSTOMER_SERVICE_INTERNAL_PORT", 9081,
              "TANDEM_ORDER_SERVICE_PORT", 8082,
              "TANDEM_ORDER_SERVICE_INTERNAL_PORT", 9082));

  private final StackSettings settings;
  private final Installation installation;
  private final Map<String, Part> parts = new LinkedHashMap<>();
  private final Map<String, DatabaseServer> servers = new LinkedHashMap<>();
  private final List<Store> stores = new ArrayList<>();
  private final BrokerAccess broker;

  Parts(StackSettings settings, Installation installation) {
    this.settings = settings;
    this.installation = installation;
    addDatabase(CUSTOMER_DB, "customer");
    addDatabase(ORDER_DB, "orders");
    this.broker = settings.externalBroker(BROKER).orElseGet(this::brokerHere);
    add(broker());
    add(coordinator());
    add(service(CUSTOMER_SERVICE, CUSTOMER_DB, "customer", settings.modeArguments()));
    add(service(ORDER_SERVICE, ORDER_DB, "orders", List.of("--tandem.credit-check=replica")));
  }

  /**
   * Ports for every part: what the settings name, else the standard ones, or free ones if the
   * settings want that.
   */
  static Map<String, String> choosePorts(StackSettings settings) {
    var open =
        STANDARD_PORTS.keySet().stream()
            .filter(variable -> settings.port(variable).isEmpty())
            .toList();
    var ports = new TreeMap<String, String>();
    STANDARD_PORTS.forEach(
        (variable, standard) ->
            ports.put(variable, Integer.toString(settings.port(variable).orElse(standard))));
    if (settings.wantsFreePorts()) {
      ports.putAll(Ports.choose(open));
    }
    return ports;
  }

  /** Told before anything is started. */
  void mustBeBuilt() {
    Stream.of(DbInit.NAME, BROKER, TX_COORDINATOR, CUSTOMER_SERVICE, ORDER_SERVICE)
        .forEach(name -> Jvm.mustBeBuilt(name, settings));
  }

  List<Part> all() {
    return List.copyOf(parts.values());
  }

  List<LocalPart> local() {
    return parts.values().stream()
        .filter(LocalPart.class::isInstance)
        .map(LocalPart.class::cast)
        .toList();
  }

  Part named(String name) {
    return Optional.ofNullable(parts.get(name)).orElseThrow(() -> unknown(name));
  }

  LocalPart localNamed(String name) {
    if (named(name) instanceof LocalPart local) {
      return local;
    }
    throw new StackException(
        name
            + " is a server of yours ("
            + StackSettings.variable(name, "URL")
            + "): Tandem neither starts nor ends it.");
  }

  Service coordinatorPart() {
    return serviceNamed(TX_COORDINATOR);
  }

  Service serviceNamed(String name) {
    return (Service) named(name);
  }

  Service customerService() {
    return (Service) named(CUSTOMER_SERVICE);
  }

  DbInit dbInit() {
    return new DbInit(servers, installation, settings);
  }

  /** Of each server the database that is always there. */
  List<Store> servers() {
    return servers.values().stream().map(server -> new Store(server, "postgres")).toList();
  }

  List<Store> stores() {
    return List.copyOf(stores);
  }

  List<String> externalNames() {
    return all().stream().filter(part -> !(part instanceof LocalPart)).map(Part::name).toList();
  }

  static StackException unknown(String name) {
    return new StackException(
        "There is no part " + name + ". The parts are " + String.join(", ", NAMES) + ".");
  }

  private void addDatabase(String name, String database) {
    var external = settings.externalServer(name);
    if (external.isPresent()) {
      servers.put(name, external.get());
      stores.add(new Store(external.get(), database));
      add(new ExternalDatabase(name, database, external.get()));
      return;
    }
    var part = new Database(name, database, port(name, "PORT"), installation, settings);
    servers.put(name, part.server());
    stores.add(new Store(part.server(), database));
    add(part);
  }

  private BrokerAccess brokerHere() {
    return BrokerAccess.here(port(BROKER, "PORT").port(), installation.secret("broker.password"));
  }

  private Part broker() {
    if (settings.externalBroker(BROKER).isPresent()) {
      return new ExternalBroker(BROKER, broker);
    }
    return new Broker(
        port(BROKER, "PORT"),
        port(BROKER, "HEALTH_PORT"),
        broker,
        installation.data(BROKER),
        settings);
  }

  private Service coordinator() {
    var port = port(TX_COORDINATOR, "PORT");
    var arguments = new ArrayList<>(addresses(TX_COORDINATOR));
    arguments.add("--server.port=" + port.port());
    arguments.add("--tandem.xa.name=" + installation.coordinatorName());
    arguments.add("--tandem.xa.log-folder=" + installation.data(TX_COORDINATOR).resolve("log"));
    return new Service(
        TX_COORDINATOR,
        Optional.empty(),
        port,
        arguments,
        token(),
        settings,
        installation.data(TX_COORDINATOR));
  }

  private Service service(
      String name, String databasePart, String database, List<String> ownArguments) {
    var publicPort = port(name, "PORT");
    var internalPort = port(name, "INTERNAL_PORT");
    var arguments = new ArrayList<>(addresses(name));
    arguments.add("--server.port=" + publicPort.port());
    arguments.add("--tandem.internal.port=" + internalPort.port());
    arguments.add("--spring.datasource.url=" + databaseFor(name, databasePart).jdbcUrl(database));
    arguments.add("--spring.datasource.username=" + name.replace('-', '_'));
    arguments.addAll(ownArguments);
    var secrets = new TreeMap<>(token());
    secrets.putAll(brokerFor(name).environment());
    secrets.put("SPRING_DATASOURCE_PASSWORD", installation.secret(databasePart + ".password"));
    return new Service(
        name,
        Optional.of(publicPort),
        internalPort,
        arguments,
        secrets,
        settings,
        installation.data(name));
  }

  private DatabaseServer server(String part) {
    return Optional.ofNullable(servers.get(part)).orElseThrow();
  }

  /** Where {@link #url}, {@link #databaseFor} and {@link #brokerFor} ask for a link. */
  static List<String> linksOf(String part) {
    return switch (part) {
      case CUSTOMER_SERVICE -> List.of(ORDER_SERVICE, TX_COORDINATOR, CUSTOMER_DB, BROKER);
      case ORDER_SERVICE -> List.of(CUSTOMER_SERVICE, TX_COORDINATOR, ORDER_DB, BROKER);
      case TX_COORDINATOR -> List.of(CUSTOMER_SERVICE, ORDER_SERVICE);
      default -> List.of();
    };
  }

  /** Where this part finds the others: at their own addresses, or where a link leads to. */
  private List<String> addresses(String from) {
    return List.of(
        "--server.address=127.0.0.1",
        "--tandem.services.customer-service.url="
            + url(from, CUSTOMER_SERVICE, port(CUSTOMER_SERVICE, "INTERNAL_PORT")),
        "--tandem.services.order-service.url="
            + url(from, ORDER_SERVICE, port(ORDER_SERVICE, "INTERNAL_PORT")),
        "--tandem.services.tx-coordinator.url="
            + url(from, TX_COORDINATOR, port(TX_COORDINATOR, "PORT")));
  }

  private String url(String from, String to, PartPort own) {
    return settings.link(from, to).map("http://"::concat).orElse(own.url());
  }

  private DatabaseServer databaseFor(String from, String database) {
    var own = server(database);
    return settings.link(from, database).map(own::at).orElse(own);
  }

  private BrokerAccess brokerFor(String from) {
    return settings.link(from, BROKER).map("tcp://"::concat).map(broker::at).orElse(broker);
  }

  private Map<String, String> token() {
    return Map.of("TANDEM_INTERNAL_TOKEN", installation.secret("service-token"));
  }

  private PartPort port(String part, String suffix) {
    var variable = StackSettings.variable(part, suffix);
    var standard = Optional.ofNullable(STANDARD_PORTS.get(variable)).orElseThrow();
    return new PartPort(part, variable, settings.port(variable).orElse(standard));
  }

  private void add(Part part) {
    parts.put(part.name(), part);
  }
}
