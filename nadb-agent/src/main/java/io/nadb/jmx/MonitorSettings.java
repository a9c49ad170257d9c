package io.nadb.jmx;

import java.time.Duration;

/**
 * How stores are watched.
 *
 * @param access what may be done through MBeans
 * @param percentiles whether the times that flushes take go into a histogram
 * @param slow from how long on a flush is reported as slow
 * @since 0.1.0
 */
public record MonitorSettings(Access access, boolean percentiles, Duration slow) {}
