package io.nadb.agent.terminal;

import io.nadb.agent.terminal.Frame.Style;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code nadb explain}: what a URL means. Opens nothing. */
@Command(
    name = "explain",
    description = "Shows what each option of a URL is and means. Opens nothing.",
    mixinStandardHelpOptions = true)
final class ExplainCommand implements Runnable {
  private static final String DRIVER = "/META-INF/nadb/nadb-driver.jar";
  private static final String MANAGER = "io.nadb.NadbDriverManager";

  @Parameters(paramLabel = "<url>", description = "For example 'nadb:fs:./data?flush=1s'.")
  private String url = "";

  @Spec private CommandSpec spec;

  ExplainCommand() {
    spec = CommandSpec.create(); // Replaced before the command runs.
  }

  @Override
  public void run() {
    Frame frame = new Frame();
    frame
        .line()
        .add(
            Units.left("OPTION", 16) + Units.left("VALUE", 14) + Units.left("DEFAULT", 12),
            Style.DIM)
        .add("MEANING", Style.DIM);
    try {
      Path jar = Files.createTempFile("nadb-driver", ".jar");
      try {
        describe(jar).forEach(option -> line(frame, option));
      } finally {
        Files.delete(jar);
      }
    } catch (IOException e) {
      throw new TerminalException("can't read the driver in this jar: " + e.getMessage(), e);
    }
    spec.commandLine().getOut().print(frame.plain());
    spec.commandLine().getOut().flush();
  }

  /** Asks the driver, in a class loader of its own. */
  private List<?> describe(Path jar) throws IOException {
    try (InputStream driver = ExplainCommand.class.getResourceAsStream(DRIVER)) {
      if (driver == null) {
        throw new TerminalException("explain works from the agent's jar only");
      }
      Files.copy(driver, jar, StandardCopyOption.REPLACE_EXISTING);
    }
    try (URLClassLoader loader =
        new URLClassLoader(new URL[] {jar.toUri().toURL()}, ClassLoader.getPlatformClassLoader())) {
      Object options =
          loader.loadClass(MANAGER).getMethod("describe", String.class).invoke(null, url);
      return (List<?>) options;
    } catch (InvocationTargetException e) {
      throw new TerminalException(String.valueOf(e.getTargetException().getMessage()), e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void line(Frame frame, Object option) {
    String value = part(option, "value");
    String standard = part(option, "defaultValue");
    frame
        .line()
        .add(Units.left(part(option, "name"), 15) + " ", Style.TITLE)
        .add(Units.left(value, 13) + " ", value.equals(standard) ? Style.PLAIN : Style.GOOD)
        .add(Units.left(standard, 11) + " ", Style.DIM)
        .add(part(option, "description"));
  }

  private static String part(Object option, String name) {
    try {
      Object part = option.getClass().getMethod(name).invoke(option);
      return part instanceof Optional<?> optional
          ? optional.map(String::valueOf).orElse("")
          : String.valueOf(part);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
