package io.nadb.samples.shop;

import java.io.Serializable;

/** Something to buy; the price is in cents. */
public record Product(String id, String name, String category, int price) implements Serializable {}
