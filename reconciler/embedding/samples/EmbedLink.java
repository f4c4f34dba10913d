import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signed links to an embedded interview. Make them on a server: anyone with the key can sign for any visitor. The key is
 * read from the variable EMBED_SIGNING_KEY: jmctl secrets exec NAME -- COMMAND sets it. Java 17 or newer.
 */
public final class EmbedLink {
    private static final String LINK = "@LINK@";
    private static final String EMBED_ID = "@EMBED_ID@";

    private EmbedLink() {}

    /** The link that opens the interview for the visitor with this name and email address. */
    public static String link(String name, String email) {
        String key = System.getenv("EMBED_SIGNING_KEY");
        if (key == null || key.isEmpty()) {
            throw new IllegalStateException("EMBED_SIGNING_KEY is not set");
        }
        return LINK + "&name=" + parameter(name) + "&email=" + parameter(email) + "&signature="
                + signature(key, EMBED_ID + name + email);
    }

    /** HTML that shows the interview. */
    public static String iframe(String name, String email) {
        String link = link(name, email).replace("&", "&amp;").replace("\"", "&quot;");
        return "<iframe src=\"" + link + "\" title=\"Interview\""
                + " allow=\"camera; microphone; autoplay; display-capture; fullscreen\"></iframe>";
    }

    private static String signature(String key, String message) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(message.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible); // every Java has HmacSHA256
        }
    }

    private static String parameter(String text) {
        String encoded = Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
        return URLEncoder.encode(encoded, StandardCharsets.UTF_8);
    }
}
