package dev.kite.security;

import dev.kite.api.arguments.ComponentArguments;
import dev.kite.api.arguments.UpstreamComponent;
import dev.kite.api.config.ServerSettings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who may speak for users by headers, and by which: kube-apiserver's {@code --requestheader-*}, by default as k3s sets them. Immutable.
 *
 * @param authorityPem who vouches for front proxies instead of the cluster's own request-header authority, as PEM
 * @param authorities the same, read
 * @param allowedNames the common names of front proxies, none for any
 * @param userHeaders headers that name the user, the first that is there counts
 * @param uidHeaders headers that name its uid
 * @param groupHeaders headers that name its groups, all count
 * @param extraPrefixes what headers begin with that carry more
 */
public record RequestHeaders(
        Optional<String> authorityPem,
        List<X509Certificate> authorities,
        List<String> allowedNames,
        List<String> userHeaders,
        List<String> uidHeaders,
        List<String> groupHeaders,
        List<String> extraPrefixes) {
    /** As k3s sets them. */
    public static final RequestHeaders DEFAULT = new RequestHeaders(
            Optional.empty(),
            List.of(),
            List.of(ComponentIdentity.AUTH_PROXY.user()),
            List.of("X-Remote-User"),
            List.of("X-Remote-Uid"),
            List.of("X-Remote-Group"),
            List.of("X-Remote-Extra-"));

    /** Copies the lists. */
    public RequestHeaders {
        authorities = List.copyOf(authorities);
        allowedNames = List.copyOf(allowedNames);
        userHeaders = List.copyOf(userHeaders);
        uidHeaders = List.copyOf(uidHeaders);
        groupHeaders = List.copyOf(groupHeaders);
        extraPrefixes = List.copyOf(extraPrefixes);
    }

    /**
     * Those of a server.
     *
     * @param settings the server's settings
     * @return its headers
     * @throws IllegalArgumentException if an argument is wrong, or the file can't be read
     */
    public static RequestHeaders of(ServerSettings settings) {
        ComponentArguments arguments =
                ComponentArguments.of(UpstreamComponent.APISERVER, settings.kube_apiserver_arg());
        String file = arguments.text("requestheader-client-ca-file", "");
        return new RequestHeaders(
                file.isEmpty() ? Optional.empty() : Optional.of(text(file)),
                file.isEmpty() ? List.of() : certificates(file),
                names(arguments, "requestheader-allowed-names", DEFAULT.allowedNames),
                headers(arguments, "requestheader-username-headers", DEFAULT.userHeaders),
                headers(arguments, "requestheader-uid-headers", DEFAULT.uidHeaders),
                headers(arguments, "requestheader-group-headers", DEFAULT.groupHeaders),
                headers(arguments, "requestheader-extra-headers-prefix", DEFAULT.extraPrefixes));
    }

    private static List<String> names(ComponentArguments arguments, String argument, List<String> otherwise) {
        return arguments.given(argument)
                ? arguments.list(argument).stream()
                        .filter(name -> !name.isEmpty())
                        .toList()
                : otherwise;
    }

    private static List<String> headers(ComponentArguments arguments, String argument, List<String> otherwise) {
        List<String> names = names(arguments, argument, otherwise);
        for (String name : names) {
            if (name.isBlank()) {
                throw new IllegalArgumentException(argument + ": an empty header");
            }
        }
        return names;
    }

    private static String text(String file) {
        try {
            return Files.readString(Path.of(file), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static List<X509Certificate> certificates(String file) {
        try (InputStream in = Files.newInputStream(Path.of(file))) {
            List<X509Certificate> all = new ArrayList<>();
            for (Certificate one : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                all.add((X509Certificate) one);
            }
            if (all.isEmpty()) {
                throw new CertificateException("no certificate in it");
            }
            return all;
        } catch (IOException | CertificateException e) {
            throw unreadable(file, e);
        }
    }

    private static IllegalArgumentException unreadable(String file, Exception why) {
        return new IllegalArgumentException("requestheader-client-ca-file: " + file + ": " + why.getMessage(), why);
    }

    /**
     * What servers behind this one need to know to take its word: entries of ConfigMap extension-apiserver-authentication.
     *
     * @param ownAuthority the cluster's own request-header authority, as PEM
     * @return the entries
     */
    public Map<String, String> published(String ownAuthority) {
        Map<String, String> entries = new LinkedHashMap<>();
        entries.put("requestheader-client-ca-file", authorityPem.orElse(ownAuthority));
        entries.put("requestheader-allowed-names", json(allowedNames));
        entries.put("requestheader-username-headers", json(userHeaders));
        entries.put("requestheader-uid-headers", json(uidHeaders));
        entries.put("requestheader-group-headers", json(groupHeaders));
        entries.put("requestheader-extra-headers-prefix", json(extraPrefixes));
        return entries;
    }

    private static String json(List<String> texts) {
        return texts.stream()
                .map(text -> "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"")
                .collect(java.util.stream.Collectors.joining(",", "[", "]"));
    }
}
