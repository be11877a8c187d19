package dev.kite.security.jwt;

import dev.kite.api.arguments.ComponentArguments;
import dev.kite.cel.CelCompiler;
import dev.kite.cel.CelEnvironment;
import dev.kite.cel.CelException;
import dev.kite.cel.CelProgram;
import dev.kite.cel.CelType;
import dev.kite.security.hook.Https;
import dev.kite.security.jwt.JwtIssuer.ClaimRule;
import dev.kite.security.jwt.JwtIssuer.UserRule;
import dev.kite.security.pki.Pem;
import dev.kite.security.settings.ConfigNode;
import dev.kite.security.settings.Rules;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What AuthenticationConfiguration (apiserver.config.k8s.io/v1, v1beta1) or the arguments --oidc-* say.
 *
 * @param issuers those whose tokens sign in
 * @param anonymous who need not sign in; empty where the file doesn't say, so that --anonymous-auth does
 */
record AuthenticationConfig(List<JwtIssuer> issuers, Optional<Anonymous> anonymous) {
    static final AuthenticationConfig NONE = new AuthenticationConfig(List.of(), Optional.empty());
    private static final CelType TEXT_LISTS = CelType.map(CelType.list(CelType.STRING));
    private static final CelEnvironment OF_CLAIMS = CelEnvironment.EMPTY.with("claims", CelType.map(CelType.DYN));
    private static final CelEnvironment OF_USER = CelEnvironment.EMPTY.with(
            "user",
            CelType.object(
                    "kubernetes.UserInfo",
                    Map.of(
                            "username",
                            CelType.STRING,
                            "uid",
                            CelType.STRING,
                            "groups",
                            CelType.list(CelType.STRING),
                            "extra",
                            TEXT_LISTS)));

    /**
     * Requests without credentials.
     *
     * @param enabled whether they are let in at all
     * @param paths to which; empty for all
     */
    record Anonymous(boolean enabled, List<String> paths) {
        boolean admits(String path) {
            return enabled && (paths.isEmpty() || paths.contains(path));
        }
    }

    void close() {
        issuers.forEach(issuer -> issuer.keys().close());
    }

    /** Reads a configuration; throws IllegalArgumentException where it is wrong. The compiler is asked for with the first expression only. */
    static AuthenticationConfig parse(
            String text, Supplier<CelCompiler> compiler, Set<String> own, InstantSource clock) {
        ConfigNode root = ConfigNode.parse(text, "AuthenticationConfiguration", Set.of("v1", "v1beta1"))
                .only("apiVersion", "kind", "metadata", "jwt", "anonymous");
        List<JwtIssuer> issuers = new ArrayList<>();
        Set<String> urls = new HashSet<>();
        for (ConfigNode jwt : root.children("jwt")) {
            Parsing parsing = new Parsing(compiler, clock);
            JwtIssuer issuer = parsing.issuer(jwt);
            ConfigNode url = jwt.child("issuer").at("url");
            if (!urls.add(issuer.url())) {
                throw url.wrong("\"" + issuer.url() + "\" is named twice");
            }
            if (own.contains(issuer.url())) {
                throw url.wrong("\"" + issuer.url() + "\" is this cluster's own issuer");
            }
            issuers.add(issuer);
        }
        return new AuthenticationConfig(List.copyOf(issuers), anonymous(root));
    }

    private static Optional<Anonymous> anonymous(ConfigNode root) {
        if (!root.has("anonymous")) {
            return Optional.empty();
        }
        ConfigNode node = root.child("anonymous").only("enabled", "conditions");
        List<String> paths = new ArrayList<>();
        for (ConfigNode condition : node.children("conditions")) {
            paths.add(condition.only("path").required("path"));
        }
        boolean enabled = node.flag("enabled", false);
        if (!enabled && !paths.isEmpty()) {
            throw node.at("conditions").wrong("enabled should be set to true when conditions are defined");
        }
        return Optional.of(new Anonymous(enabled, List.copyOf(paths)));
    }

    /** The issuer of the arguments --oidc-*, or null. */
    static @Nullable JwtIssuer ofArguments(ComponentArguments arguments, InstantSource clock) throws IOException {
        String url = arguments.text("oidc-issuer-url", "");
        String client = arguments.text("oidc-client-id", "");
        if (url.isEmpty() && client.isEmpty()) {
            return null;
        }
        if (url.isEmpty() || client.isEmpty()) {
            throw new IllegalArgumentException("oidc-issuer-url and oidc-client-id must be specified together");
        }
        URI uri = uri(url, "oidc-issuer-url");
        String claim = arguments.text("oidc-username-claim", "sub");
        String prefix = arguments.text("oidc-username-prefix", "");
        String before = prefix.equals("-") ? "" : !prefix.isEmpty() || claim.equals("email") ? prefix : url + "#";
        String groups = arguments.text("oidc-groups-claim", "");
        List<ClaimRule> rules = new ArrayList<>();
        for (String required : arguments.list("oidc-required-claim")) {
            int equals = required.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException("oidc-required-claim: \"" + required + "\" is not KEY=VALUE");
            }
            rules.add(new ClaimRule.Equal(required.substring(0, equals), required.substring(equals + 1)));
        }
        Set<JwtAlgorithm> algorithms = EnumSet.noneOf(JwtAlgorithm.class);
        List<String> names = arguments.list("oidc-signing-algs");
        for (String name : names.isEmpty() ? List.of("RS256") : names) {
            JwtAlgorithm algorithm = JwtAlgorithm.of(name);
            if (algorithm == null) {
                throw new IllegalArgumentException("oidc-signing-algs: \"" + name + "\" is not supported");
            }
            algorithms.add(algorithm);
        }
        String file = arguments.text("oidc-ca-file", "");
        List<X509Certificate> trusted = file.isEmpty() ? List.of() : Pem.certificates(ConfigNode.read(Path.of(file)));
        return new JwtIssuer(
                url,
                keys(url, discovery(uri), trusted, clock),
                algorithms,
                List.of(client),
                List.copyOf(rules),
                new Claims.Named(claim, before),
                claim.equals("email"),
                groups.isEmpty()
                        ? new Claims.None()
                        : new Claims.Named(groups, arguments.text("oidc-groups-prefix", "")),
                new Claims.None(),
                Map.of(),
                List.of());
    }

    private static URI uri(String url, String what) {
        try {
            URI uri = URI.create(url);
            boolean plain = uri.getRawQuery() == null && uri.getRawFragment() == null && uri.getRawUserInfo() == null;
            if ("https".equals(uri.getScheme()) && uri.getHost() != null && plain) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(what + ": \"" + url + "\" is no URL", e);
        }
        throw new IllegalArgumentException(
                what + ": \"" + url + "\" must be an https URL without user, query and fragment");
    }

    private static URI discovery(URI issuer) {
        String text = issuer.toString();
        return URI.create((text.endsWith("/") ? text.substring(0, text.length() - 1) : text)
                + "/.well-known/openid-configuration");
    }

    private static IssuerKeys keys(String url, URI discovery, List<X509Certificate> trusted, InstantSource clock) {
        return new IssuerKeys(url, discovery, Https.trusting(trusted, IssuerKeys.LARGEST_DOCUMENT), clock);
    }

    /** Of one entry of jwt. */
    private static final class Parsing {
        private final Supplier<CelCompiler> compiler;
        private final InstantSource clock;
        private final List<CelProgram> ofEmail = new ArrayList<>();
        private boolean checksEmail;

        Parsing(Supplier<CelCompiler> compiler, InstantSource clock) {
            this.compiler = compiler;
            this.clock = clock;
        }

        JwtIssuer issuer(ConfigNode jwt) {
            jwt.only("issuer", "claimValidationRules", "claimMappings", "userValidationRules");
            ConfigNode issuer = jwt.child("issuer")
                    .only(
                            "url",
                            "discoveryURL",
                            "certificateAuthority",
                            "audiences",
                            "audienceMatchPolicy",
                            "egressSelectorType");
            String url = issuer.required("url");
            URI discovery = discovery(uri(url, issuer.at("url").path()));
            String given = issuer.text("discoveryURL", "");
            if (!given.isEmpty()) {
                if (given.replaceFirst("/$", "").equals(url.replaceFirst("/$", ""))) {
                    throw issuer.at("discoveryURL").wrong("must be different from URL");
                }
                discovery = uri(given, issuer.at("discoveryURL").path());
            }
            ConfigNode mappings = jwt.child("claimMappings").only("username", "groups", "uid", "extra");
            ConfigNode name = mappings.child("username").only("claim", "prefix", "expression");
            Claims username = prefixed(name, true);
            Claims groups = prefixed(mappings.child("groups").only("claim", "prefix", "expression"), false);
            ConfigNode uidNode = mappings.child("uid").only("claim", "expression");
            Claims uid = uidNode.has("claim") && !uidNode.has("expression")
                    ? new Claims.Named(uidNode.required("claim"), "")
                    : prefixed(uidNode, false);
            Map<String, Claims> extra = extra(mappings);
            List<ClaimRule> rules = rules(jwt);
            if (!ofEmail.isEmpty() && !checksEmail) {
                throw name.at("expression")
                        .wrong("claims.email_verified must be used in an expression where claims.email is");
            }
            return new JwtIssuer(
                    url,
                    keys(url, discovery, trusted(issuer), clock),
                    EnumSet.allOf(JwtAlgorithm.class),
                    audiences(issuer),
                    rules,
                    username,
                    username instanceof Claims.Named named && named.name().equals("email"),
                    groups,
                    uid,
                    extra,
                    userRules(jwt));
        }

        private static List<X509Certificate> trusted(ConfigNode issuer) {
            String pem = issuer.text("certificateAuthority", "");
            try {
                return pem.isEmpty() ? List.of() : Pem.certificates(pem);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        issuer.at("certificateAuthority").path() + ": " + e.getMessage(), e);
            }
        }

        private static List<String> audiences(ConfigNode issuer) {
            List<String> audiences = issuer.texts("audiences");
            String policy = issuer.text("audienceMatchPolicy", "");
            if (audiences.isEmpty() || audiences.contains("") || new HashSet<>(audiences).size() < audiences.size()) {
                throw issuer.at("audiences").wrong("at least one is required, none of them empty or doubled");
            }
            if (!policy.isEmpty() && !policy.equals("MatchAny")) {
                throw issuer.at("audienceMatchPolicy").wrong("must be empty or MatchAny");
            }
            if (audiences.size() > 1 && policy.isEmpty()) {
                throw issuer.at("audienceMatchPolicy").wrong("must be MatchAny for multiple audiences");
            }
            return audiences;
        }

        private Claims prefixed(ConfigNode node, boolean required) {
            boolean claim = node.has("claim");
            boolean expression = node.has("expression");
            if (claim && expression) {
                throw node.wrong("claim and expression can't both be set");
            }
            if (expression) {
                if (node.has("prefix")) {
                    throw node.at("prefix").wrong("can't be set with an expression");
                }
                CelProgram program = compile(node, "expression", OF_CLAIMS);
                if (required && program.reads("claims.email")) {
                    ofEmail.add(program);
                }
                checksEmail |= program.reads("claims.email_verified");
                return new Claims.Expressed(program);
            }
            if (!claim && required) {
                throw node.wrong("claim or expression is required");
            }
            if (claim && !node.has("prefix")) {
                throw node.at("prefix")
                        .wrong("is required when claim is set; it can be set to \"\" to disable prefixing");
            }
            return claim ? new Claims.Named(node.required("claim"), node.text("prefix", "")) : new Claims.None();
        }

        private Map<String, Claims> extra(ConfigNode mappings) {
            Map<String, Claims> extra = new LinkedHashMap<>();
            for (ConfigNode entry : mappings.children("extra")) {
                String key = entry.only("key", "valueExpression").required("key");
                if (!key.matches("[a-z0-9]([-a-z0-9.]*[a-z0-9])?/[-a-z0-9._~!$&'()*+,;=:@%/]+")) {
                    throw entry.at("key")
                            .wrong("\"" + key + "\" is no lower-case path behind a domain: example.org/name");
                }
                String domain = key.substring(0, key.indexOf('/'));
                if (("." + domain).endsWith(".k8s.io") || ("." + domain).endsWith(".kubernetes.io")) {
                    throw entry.at("key").wrong("k8s.io, kubernetes.io and their subdomains are reserved");
                }
                CelProgram program = compile(entry, "valueExpression", OF_CLAIMS);
                checksEmail |= program.reads("claims.email_verified");
                if (extra.put(key, new Claims.Expressed(program)) != null) {
                    throw entry.at("key").wrong("\"" + key + "\" is named twice");
                }
            }
            return extra;
        }

        private List<ClaimRule> rules(ConfigNode jwt) {
            List<ClaimRule> rules = new ArrayList<>();
            for (ConfigNode rule : jwt.children("claimValidationRules")) {
                rule.only("claim", "requiredValue", "expression", "message");
                if (rule.has("claim") == rule.has("expression")) {
                    throw rule.wrong("exactly one of claim and expression must be set");
                }
                if (rule.has("claim")) {
                    if (rule.has("message")) {
                        throw rule.at("message").wrong("can't be set with a claim");
                    }
                    rules.add(new ClaimRule.Equal(rule.required("claim"), rule.text("requiredValue", "")));
                } else {
                    if (rule.has("requiredValue")) {
                        throw rule.at("requiredValue").wrong("can't be set with an expression");
                    }
                    CelProgram program = compile(rule, "expression", OF_CLAIMS, CelType.BOOL);
                    checksEmail |= program.reads("claims.email_verified");
                    rules.add(new ClaimRule.True(program, rule.text("message", rule.required("expression"))));
                }
            }
            return rules;
        }

        private List<UserRule> userRules(ConfigNode jwt) {
            List<UserRule> rules = new ArrayList<>();
            for (ConfigNode rule : jwt.children("userValidationRules")) {
                rule.only("expression", "message");
                rules.add(new UserRule(
                        compile(rule, "expression", OF_USER, CelType.BOOL),
                        rule.text("message", rule.required("expression"))));
            }
            return rules;
        }

        private CelProgram compile(ConfigNode node, String field, CelEnvironment environment, CelType... accepted) {
            try {
                return compiler.get().compile(node.required(field), environment, accepted);
            } catch (CelException | IllegalArgumentException e) {
                throw new IllegalArgumentException(node.at(field).path() + ": " + Rules.words(e, "bool"), e);
            }
        }
    }
}
