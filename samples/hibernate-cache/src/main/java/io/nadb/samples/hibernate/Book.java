package io.nadb.samples.hibernate;

import jakarta.persistence.Cacheable;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import org.hibernate.annotations.Cache;
import org.hibernate.annotations.CacheConcurrencyStrategy;

/** An entity that is kept in the second-level cache, in the region {@code books}. */
@Entity
@Cacheable
@Cache(usage = CacheConcurrencyStrategy.READ_WRITE, region = "books")
public class Book {
  @Id private String isbn = "";

  private String title = "";

  /** For Hibernate. */
  protected Book() {}

  /** Creates a book. */
  public Book(String isbn, String title) {
    this.isbn = isbn;
    this.title = title;
  }

  /** The number by which it is found. */
  public String isbn() {
    return isbn;
  }

  /** What it is called. */
  public String title() {
    return title;
  }

  /** Calls it something else. */
  public void rename(String newTitle) {
    title = newTitle;
  }
}
