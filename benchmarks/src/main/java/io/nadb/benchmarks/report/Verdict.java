package io.nadb.benchmarks.report;

/**
 * What has become of a target.
 *
 * @param work what it is about
 * @param wanted the target
 * @param found what was measured
 * @param met whether it is met
 */
record Verdict(String work, String wanted, String found, boolean met) {}
