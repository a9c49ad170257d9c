package io.nadb.testkit;

import io.nadb.spi.NadbUrl;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The URL of a store in files, whose path leads into a test's directory, whatever it says: that
 * directory is to the test what the root of the file system is to an application, and the working
 * directory too.
 */
final class IsolatedUrl implements NadbUrl {
  /** What the driver refuses, since nobody means a directory of that name. */
  private static final Pattern REFUSED =
      Pattern.compile("(?i)[~$]|(file|nadb|fs|jdbc):|[a-z][a-z0-9+.-]+://");

  private final NadbUrl real;
  private final String path;

  IsolatedUrl(NadbUrl real, Path root) {
    this.real = real;
    this.path = inside(real.path(), root);
  }

  /** The path below the root; what the driver is to refuse stays as it is. */
  private static String inside(String path, Path root) {
    if (REFUSED.matcher(path).lookingAt()) {
      return path;
    }
    try {
      Path given = Path.of(path);
      Path straight = given.normalize();
      if (straight.startsWith(root)) {
        return path;
      }
      Path below = root;
      for (Path name : straight) {
        if (!name.toString().equals("..")) {
          below = below.resolve(name);
        }
      }
      return below.toString();
    } catch (InvalidPathException e) {
      return path;
    }
  }

  @Override
  public String scheme() {
    return real.scheme();
  }

  @Override
  public String path() {
    return path;
  }

  @Override
  public String rawPath() {
    return UrlTemplate.escape(path);
  }

  @Override
  public List<Endpoint> endpoints() {
    return real.endpoints();
  }

  @Override
  public Optional<String> user() {
    return real.user();
  }

  @Override
  public Optional<String> password() {
    return real.password();
  }

  @Override
  public String toString() {
    return real.toString();
  }
}
