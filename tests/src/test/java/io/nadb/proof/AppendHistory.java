package io.nadb.proof;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Transactions that read lists and appended numbers to them, each number once, and whether some
 * order of them explains all that was read, also when they ran: for stores that give no numbers to
 * writes. The idea is Elle's: a list shows in which order it was written, so what came before what
 * is known, and what can't be ordered is a cycle.
 */
final class AppendHistory {
  private final List<Txn> transactions = new ArrayList<>();

  /** What came of a transaction. */
  enum Outcome {
    /** It says that it was committed. */
    COMMITTED,
    /** It says that it was not. */
    FAILED,
    /** It says that nobody knows. */
    UNKNOWN
  }

  /**
   * A step of a transaction.
   *
   * @param appended the number that was appended; null for a read
   * @param read the list that was read; empty for an append
   */
  record Op(String key, @Nullable Long appended, List<Long> read) {
    static Op append(String key, long number) {
      return new Op(key, number, List.of());
    }

    static Op read(String key, List<Long> list) {
      return new Op(key, null, List.copyOf(list));
    }
  }

  /**
   * A transaction.
   *
   * @param begun when it began, in nanoseconds of the machine's monotonic clock
   * @param ended when it returned
   */
  record Txn(long begun, long ended, Outcome outcome, List<Op> ops) {

    /** One line of text. */
    String toLine() {
      StringBuilder line = new StringBuilder(begun + " " + ended + " " + outcome);
      for (Op op : ops) {
        line.append(op.appended == null ? " r " : " a ").append(op.key).append(' ');
        if (op.appended != null) {
          line.append(op.appended);
        } else {
          line.append('[');
          op.read.forEach(number -> line.append(number).append(','));
          line.append(']');
        }
      }
      return line.toString();
    }

    /** What {@link #toLine} has made a line of. */
    static Txn of(String line) {
      String[] words = line.split(" ", -1);
      List<Op> ops = new ArrayList<>();
      for (int i = 3; i < words.length; i += 3) {
        String last = words[i + 2];
        ops.add(
            words[i].equals("a")
                ? Op.append(words[i + 1], Long.parseLong(last))
                : Op.read(words[i + 1], numbers(last.substring(1, last.length() - 1))));
      }
      return new Txn(
          Long.parseLong(words[0]), Long.parseLong(words[1]), Outcome.valueOf(words[2]), ops);
    }

    /** Numbers, each with a comma behind it. */
    static List<Long> numbers(String text) {
      List<Long> numbers = new ArrayList<>();
      for (String number : text.split(",", -1)) {
        if (!number.isEmpty()) {
          numbers.add(Long.parseLong(number));
        }
      }
      return numbers;
    }

    /** The lists as others had left them, by key. */
    private Map<String, List<Long>> foreignReads() {
      Map<String, List<Long>> reads = new LinkedHashMap<>();
      Set<String> own = new HashSet<>();
      for (Op op : ops) {
        if (op.appended != null) {
          own.add(op.key);
        } else if (!own.contains(op.key)) {
          reads.putIfAbsent(op.key, op.read);
        }
      }
      return reads;
    }

    private @Nullable Long lastAppendTo(String key) {
      Long last = null;
      for (Op op : ops) {
        last = op.appended != null && op.key.equals(key) ? op.appended : last;
      }
      return last;
    }
  }

  void add(Collection<Txn> more) {
    transactions.addAll(more);
  }

  /** How many ended so. */
  long count(Outcome outcome) {
    return transactions.stream().filter(txn -> txn.outcome == outcome).count();
  }

  Set<String> keys() {
    Set<String> keys = new TreeSet<>();
    transactions.forEach(txn -> txn.ops.forEach(op -> keys.add(op.key)));
    return keys;
  }

  /**
   * Returns what is wrong, one line each; empty if all is explained. Whoever is last must have read
   * all lists.
   */
  List<String> check() {
    List<String> faults = new ArrayList<>();
    Map<Long, Txn> writers = new HashMap<>();
    for (Txn txn : transactions) {
      for (Op op : txn.ops) {
        if (op.appended != null && writers.put(op.appended, txn) != null) {
          throw new IllegalArgumentException(op.appended + " is appended twice");
        }
      }
    }
    Map<String, List<Long>> lists = longestLists();
    List<Txn> committed = new ArrayList<>();
    for (Txn txn : transactions) {
      if (txn.outcome == Outcome.COMMITTED
          || (txn.outcome == Outcome.UNKNOWN && shows(txn, lists))) {
        committed.add(txn);
      }
    }
    checkLists(lists, writers, faults);
    committed.forEach(txn -> checkItself(txn, faults));
    committed.forEach(txn -> checkReads(txn, lists, writers, faults));
    committed.forEach(txn -> checkAppends(txn, lists, faults));
    if (faults.isEmpty()) { // Else there is no order to look for.
      faults.addAll(new Order(committed, lists, writers).cycles());
    }
    return faults;
  }

  private Map<String, List<Long>> longestLists() {
    Map<String, List<Long>> lists = new HashMap<>();
    for (Txn txn : transactions) {
      if (txn.outcome == Outcome.COMMITTED) {
        txn.foreignReads()
            .forEach((key, list) -> lists.merge(key, list, (a, b) -> b.size() > a.size() ? b : a));
      }
    }
    return lists;
  }

  private static boolean shows(Txn txn, Map<String, List<Long>> lists) {
    return txn.ops.stream()
        .anyMatch(
            op ->
                op.appended != null && lists.getOrDefault(op.key, List.of()).contains(op.appended));
  }

  private static void checkLists(
      Map<String, List<Long>> lists, Map<Long, Txn> writers, List<String> faults) {
    lists.forEach(
        (key, list) -> {
          if (new HashSet<>(list).size() < list.size()) {
            faults.add("twice in " + key + ": " + list);
          }
          for (Long number : list) {
            Txn writer = writers.get(number);
            if (writer == null || writer.outcome == Outcome.FAILED) {
              faults.add(number + " is in " + key + ", but was not committed: " + writer);
            }
          }
        });
  }

  /** A transaction sees what it has read and appended itself. */
  private static void checkItself(Txn txn, List<String> faults) {
    Map<String, List<Long>> own = new HashMap<>();
    for (Op op : txn.ops) {
      List<Long> known = own.get(op.key);
      if (op.appended != null) {
        if (known != null) {
          List<Long> after = new ArrayList<>(known);
          after.add(op.appended);
          own.put(op.key, after);
        }
      } else if (known != null && !known.equals(op.read)) {
        faults.add("did not see its own " + op.key + ": " + txn);
      } else {
        own.put(op.key, op.read);
      }
    }
  }

  private static void checkReads(
      Txn txn, Map<String, List<Long>> lists, Map<Long, Txn> writers, List<String> faults) {
    txn.foreignReads()
        .forEach(
            (key, read) -> {
              List<Long> list = lists.getOrDefault(key, List.of());
              if (read.size() > list.size() || !list.subList(0, read.size()).equals(read)) {
                faults.add(key + " was " + read + " and is " + list + ": " + txn);
              } else if (!read.isEmpty()) {
                Long last = read.get(read.size() - 1);
                Txn writer = writers.get(last);
                if (writer != null && !last.equals(writer.lastAppendTo(key))) {
                  faults.add("saw " + key + " in the midst of " + writer + ": " + txn);
                }
              }
            });
  }

  private static void checkAppends(Txn txn, Map<String, List<Long>> lists, List<String> faults) {
    for (Op op : txn.ops) {
      if (op.appended != null && !lists.getOrDefault(op.key, List.of()).contains(op.appended)) {
        faults.add(op.appended + " is not in " + op.key + ", of " + txn);
      }
    }
  }

  /** Who comes before whom. */
  private static final class Order {
    private final List<Txn> txns;

    /** By node, which nodes come after it, and why; the first nodes are the transactions. */
    private final List<Map<Integer, String>> after = new ArrayList<>();

    Order(List<Txn> txns, Map<String, List<Long>> lists, Map<Long, Txn> writers) {
      this.txns = txns;
      IdentityHashMap<Txn, Integer> nodes = new IdentityHashMap<>();
      for (Txn txn : txns) {
        nodes.put(txn, after.size());
        after.add(new LinkedHashMap<>());
      }
      Map<Long, Integer> writer = new HashMap<>();
      writers.forEach((number, txn) -> writer.put(number, nodes.getOrDefault(txn, -1)));
      lists.forEach(
          (key, list) -> {
            for (int i = 1; i < list.size(); i++) {
              before(writer.get(list.get(i - 1)), writer.get(list.get(i)), "ww " + key);
            }
          });
      for (Txn txn : txns) {
        int node = nodes.getOrDefault(txn, -1);
        txn.foreignReads()
            .forEach(
                (key, read) -> {
                  List<Long> list = lists.getOrDefault(key, List.of());
                  if (!read.isEmpty()) {
                    before(writer.get(read.get(read.size() - 1)), node, "wr " + key);
                  }
                  if (read.size() < list.size()) {
                    before(node, writer.get(list.get(read.size())), "rw " + key);
                  }
                });
      }
      orderInTime(nodes);
    }

    private void before(@Nullable Integer one, @Nullable Integer other, String why) {
      if (one != null && other != null && !one.equals(other)) {
        after.get(one).putIfAbsent(other, why);
      }
    }

    /** A chain of moments: who has ended comes before one, and it before who begins later. */
    private void orderInTime(IdentityHashMap<Txn, Integer> nodes) {
      List<Txn> ended = new ArrayList<>(txns);
      ended.removeIf(txn -> txn.outcome == Outcome.UNKNOWN); // It may be carried out later.
      ended.sort(Comparator.comparingLong(Txn::ended));
      List<Txn> begun = new ArrayList<>(txns);
      begun.sort(Comparator.comparingLong(Txn::begun));
      int next = 0;
      int moment = -1;
      for (Txn txn : begun) {
        while (next < ended.size() && ended.get(next).ended < txn.begun) {
          int later = after.size();
          after.add(new LinkedHashMap<>());
          if (moment >= 0) {
            after.get(moment).put(later, "time");
          }
          moment = later;
          before(nodes.get(ended.get(next++)), moment, "time");
        }
        if (moment >= 0) {
          before(moment, nodes.get(txn), "time");
        }
      }
    }

    /** A shortest cycle for each part of the history that can't be ordered. */
    List<String> cycles() {
      int[] leftIn = new int[after.size()];
      after.forEach(map -> map.keySet().forEach(to -> leftIn[to]++));
      ArrayDeque<Integer> free = new ArrayDeque<>();
      for (int i = 0; i < leftIn.length; i++) {
        if (leftIn[i] == 0) {
          free.add(i);
        }
      }
      Set<Integer> stuck = new HashSet<>();
      for (int i = 0; i < txns.size(); i++) {
        stuck.add(i);
      }
      while (!free.isEmpty()) {
        int node = free.poll();
        stuck.remove(node);
        for (int to : after.get(node).keySet()) {
          if (--leftIn[to] == 0) {
            free.add(to);
          }
        }
      }
      String shortest = null;
      for (int node : stuck) { // Or they come after a cycle.
        String cycle = cycleThrough(node);
        if (cycle != null && (shortest == null || cycle.length() < shortest.length())) {
          shortest = cycle;
        }
      }
      return shortest == null ? List.of() : List.of(shortest);
    }

    private @Nullable String cycleThrough(int start) {
      Map<Integer, Integer> from = new HashMap<>();
      ArrayDeque<Integer> queue = new ArrayDeque<>(List.of(start));
      while (!queue.isEmpty()) {
        int node = queue.poll();
        for (int to : after.get(node).keySet()) {
          if (from.putIfAbsent(to, node) == null) {
            if (to == start) {
              return describe(start, from);
            }
            queue.add(to);
          }
        }
      }
      return null;
    }

    private String describe(int start, Map<Integer, Integer> from) {
      StringBuilder cycle = new StringBuilder();
      int node = start;
      do {
        int before = from.getOrDefault(node, start);
        String text = node < txns.size() ? txns.get(node).toString() : "(a moment)";
        cycle.insert(0, "\n  -" + after.get(before).get(node) + "-> " + text);
        node = before;
      } while (node != start);
      return "a cycle:" + cycle;
    }
  }
}
