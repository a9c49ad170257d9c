package io.nadb.benchmarks.jmh;

import io.nadb.NadbDriverManager;
import io.nadb.OptionDescription;
import io.nadb.internal.url.ParsedUrl;
import io.nadb.internal.url.UrlParser;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What it costs to understand a URL. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class Urls {
  private String url = "nadb:fs:./data?db=app&namespace=config&buffer=1mb&flush=5s";

  /** Parses its parts. */
  @Benchmark
  public ParsedUrl parse() {
    return UrlParser.parse(url);
  }

  /** Parses it, finds the driver, and resolves all options. */
  @Benchmark
  public List<OptionDescription> describe() {
    return NadbDriverManager.describe(url);
  }
}
