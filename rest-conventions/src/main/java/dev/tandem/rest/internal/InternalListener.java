package dev.tandem.rest.internal;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import org.apache.catalina.connector.Connector;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.web.client.RestClient;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Opens the internal listener and puts the keeper at both doors. */
@AutoConfiguration
@EnableConfigurationProperties({InternalSettings.class, ServiceAddresses.class})
class InternalListener {

  @Bean
  InternalClients internalClients(
      RestClient.Builder builder, ServiceAddresses addresses, InternalSettings settings) {
    return new InternalClients(builder, addresses, settings.requiredToken());
  }

  @Bean
  WebServerFactoryCustomizer<TomcatServletWebServerFactory> secondPort(
      InternalSettings settings, @Value("${server.port:8080}") int publicPort) {
    settings.requiredToken(); // before the port opens, not at the first call
    return factory -> {
      if (settings.port() != publicPort) {
        factory.addAdditionalConnectors(connector(settings));
      }
    };
  }

  @Bean
  DoorKeeper doorKeeper(
      InternalSettings settings,
      @Value("${server.port:8080}") int publicPort,
      ObjectProvider<TokenPath> more) {
    return new DoorKeeper(
        settings.port(),
        settings.port() != publicPort,
        settings.requiredToken(),
        more.stream().toList());
  }

  @Bean
  FilterRegistrationBean<DoorFilter> doorFilter(
      DoorKeeper keeper, @Qualifier("handlerExceptionResolver") HandlerExceptionResolver answers) {
    var registration = new FilterRegistrationBean<>(new DoorFilter(keeper, answers));
    registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
    return registration;
  }

  @Bean
  WebMvcConfigurer doorKeeping(DoorKeeper keeper) {
    return new WebMvcConfigurer() {
      @Override
      public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(keeper);
      }
    };
  }

  private static Connector connector(InternalSettings settings) {
    if (settings.port() < 1 || settings.port() > 65535) {
      throw new UnusableSetting(
          "tandem.internal.port is " + settings.port(),
          "Set it to a free port of its own, for example 9081.");
    }
    var connector = new Connector("org.apache.coyote.http11.Http11NioProtocol");
    connector.setPort(settings.port());
    var protocol = (AbstractHttp11Protocol<?>) connector.getProtocolHandler();
    protocol.setAddress(address(settings.address()));
    protocol.setMaxKeepAliveRequests(-1); // our own parts keep their connections
    return connector;
  }

  private static InetAddress address(String address) {
    try {
      var known = InetAddress.getByName(address);
      if (known.isAnyLocalAddress()
          || known.isLoopbackAddress()
          || NetworkInterface.getByInetAddress(known) != null) {
        return known;
      }
    } catch (UnknownHostException | SocketException unknown) {
      // the refusal below is the answer to every way of being wrong
    }
    throw new UnusableSetting(
        "tandem.internal.address=" + address + " is not an address of this machine",
        "Use 127.0.0.1, or the address of the network that Tandem's own parts share.");
  }
}
