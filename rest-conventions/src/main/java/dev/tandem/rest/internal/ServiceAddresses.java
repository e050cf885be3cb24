package dev.tandem.rest.internal;

import java.util.Map;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the other parts listen, by configured name.
 *
 * @param services internal address of each part, for example {@code
 *     tandem.services.order-service.url=http://127.0.0.1:9082}
 */
@ConfigurationProperties("tandem")
public record ServiceAddresses(@DefaultValue Map<String, Address> services) {

  /** One part's internal address. */
  public record Address(String url) {}

  /** The configured names. */
  public Set<String> names() {
    return services.keySet();
  }

  /**
   * @throws UnusableSetting if no address is configured under that name
   */
  public String urlOf(String service) {
    var address = services.get(service);
    if (address == null) {
      throw new UnusableSetting(
          "tandem.services." + service + ".url is not set",
          "Set it to the internal address of " + service + ", for example http://127.0.0.1:9090");
    }
    if (!String.valueOf(address.url()).matches("https?://[^/]+.*")) {
      throw new UnusableSetting(
          "tandem.services." + service + ".url=" + address.url() + " is not an address",
          "It looks like http://127.0.0.1:9090");
    }
    return address.url();
  }
}
