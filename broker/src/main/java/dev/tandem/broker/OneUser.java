package dev.tandem.broker;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.EnumSet;
import java.util.Set;
import org.apache.activemq.artemis.core.security.CheckType;
import org.apache.activemq.artemis.core.security.Role;
import org.apache.activemq.artemis.spi.core.security.ActiveMQSecurityManager;
import org.jspecify.annotations.Nullable;

/** Lets one user in, who may send, consume and browse, and make or manage nothing. */
final class OneUser implements ActiveMQSecurityManager {
  private static final Set<CheckType> ALLOWED =
      EnumSet.of(CheckType.SEND, CheckType.CONSUME, CheckType.BROWSE);

  private final String user;
  private final byte[] password;

  OneUser(String user, String password) {
    this.user = user;
    this.password = bytes(password);
  }

  @Override
  public boolean validateUser(@Nullable String given, @Nullable String givenPassword) {
    return user.equals(given)
        && givenPassword != null
        && MessageDigest.isEqual(password, bytes(givenPassword));
  }

  @Override
  public boolean validateUserAndRole(
      @Nullable String given,
      @Nullable String givenPassword,
      Set<Role> roles,
      CheckType permission) {
    return ALLOWED.contains(permission) && validateUser(given, givenPassword);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
