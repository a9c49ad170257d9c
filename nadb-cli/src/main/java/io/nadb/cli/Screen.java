package io.nadb.cli;

/** Which of a process' streams are a terminal, and how wide that is. */
interface Screen {
  /** No stream is a terminal. */
  Screen NONE =
      new Screen() {
        @Override
        public boolean isInput() {
          return false;
        }

        @Override
        public boolean isOutput() {
          return false;
        }

        @Override
        public boolean isErrors() {
          return false;
        }

        @Override
        public int columns() {
          return Integer.MAX_VALUE;
        }
      };

  /** Whether somebody types. */
  boolean isInput();

  /** Whether somebody reads the outcome. */
  boolean isOutput();

  /** Whether somebody reads what is told besides. */
  boolean isErrors();

  /** How many columns the terminal has; {@link Integer#MAX_VALUE} if that is not known. */
  int columns();
}
