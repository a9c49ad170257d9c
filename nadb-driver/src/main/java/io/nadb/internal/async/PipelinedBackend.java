package io.nadb.internal.async;

/** A backend to which many calls can be sent without waiting for each. */
public interface PipelinedBackend {

  /** Begins with no call; to be used by one thread, and once. */
  Pipeline pipeline();
}
