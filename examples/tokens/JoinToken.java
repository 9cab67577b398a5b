import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

public final class JoinToken {
  /** Lets one person into one room for an hour. */
  public static String sign(
      String keyId, String secret, String room, String name, String subject, boolean moderator)
      throws GeneralSecurityException {
    long now = Instant.now().getEpochSecond();
    String header = "{\"alg\":\"HS256\",\"typ\":\"JWT\",\"kid\":" + json(keyId) + "}";
    String claims =
        "{\"room\":" + json(room) + ",\"name\":" + json(name) + ",\"sub\":" + json(subject)
            + ",\"moderator\":" + moderator + ",\"iat\":" + now + ",\"exp\":" + (now + 3600) + "}";
    String signed = base64url(header.getBytes(UTF_8)) + "." + base64url(claims.getBytes(UTF_8));
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(secret.getBytes(UTF_8), "HmacSHA256"));
    return signed + "." + base64url(mac.doFinal(signed.getBytes(UTF_8)));
  }

  private static String base64url(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** A JSON string; where your product has a JSON library, let that write header and claims. */
  private static String json(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (char letter : text.toCharArray()) {
      if (letter == '"' || letter == '\\') {
        quoted.append('\\').append(letter);
      } else if (letter < ' ') {
        quoted.append(String.format("\\u%04x", (int) letter));
      } else {
        quoted.append(letter);
      }
    }
    return quoted.append('"').toString();
  }

  public static void main(String[] arguments) throws GeneralSecurityException {
    String keyId = System.getenv("JUMPA_KEY_ID");
    String secret = System.getenv("JUMPA_KEY_SECRET");
    boolean moderator = arguments.length > 3 && arguments[3].equals("moderator");
    System.out.println(sign(keyId, secret, arguments[0], arguments[1], arguments[2], moderator));
  }
}
