/** An application that is a module, as users have them. */
module io.nadb.compatibility.modular {
  requires io.nadb;
}
