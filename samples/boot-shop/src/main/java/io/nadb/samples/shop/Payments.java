package io.nadb.samples.shop;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/** Has orders paid, by a service that may take its time; without one, everything is paid. */
@Component
class Payments {
  private final String url;
  private final HttpClient client = HttpClient.newHttpClient();

  Payments(@Value("${shop.payment-url:}") String url) {
    this.url = url;
  }

  void pay(int cents) {
    if (url.isEmpty()) {
      return;
    }
    HttpRequest request = HttpRequest.newBuilder(URI.create(url + "?cents=" + cents)).build();
    try {
      HttpResponse<Void> response = client.send(request, HttpResponse.BodyHandlers.discarding());
      if (response.statusCode() != 200) {
        throw new IllegalStateException("not paid: the service says " + response.statusCode());
      }
    } catch (IOException e) {
      throw new IllegalStateException("not paid: the service can't be reached", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("not paid: interrupted", e);
    }
  }
}
