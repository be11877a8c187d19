package dev.kite.security.jwt;

import dev.kite.api.arguments.ComponentArguments;
import dev.kite.api.config.ServerSettings;
import dev.kite.api.metrics.MetricFamily;
import dev.kite.api.metrics.MetricSource;
import dev.kite.cel.CelCompiler;
import dev.kite.security.jwt.AuthenticationConfig.Anonymous;
import dev.kite.security.measure.ReloadMetrics;
import dev.kite.security.settings.ApiServerArguments;
import dev.kite.security.settings.ConfigNode;
import dev.kite.security.settings.Rules;
import dev.kite.security.settings.WatchedFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;

/** What the arguments --oidc-*, --anonymous-auth and --authentication-config say now; the last one's file is taken up again when it changes. Thread-safe. */
@Component(
        service = {AuthenticationSettings.class, MetricSource.class},
        configurationPid = "kite",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class AuthenticationSettings implements MetricSource {
    private final Supplier<CelCompiler> compiler;
    private final Set<String> own;
    private final InstantSource clock;
    private final Anonymous byArgument;
    private final Path file;
    private final @Nullable WatchedFile watched;
    private volatile AuthenticationConfig config;

    /**
     * Reads them.
     *
     * @param context where the compiler of expressions is, asked for with the first one
     * @param settings the API server's arguments
     * @throws IOException if they or the file are wrong
     */
    @Activate
    public AuthenticationSettings(BundleContext context, ServerSettings settings) throws IOException {
        this(Rules.compiler(context), ApiServerArguments.of(settings), InstantSource.system());
    }

    AuthenticationSettings(Supplier<CelCompiler> compiler, ComponentArguments arguments, InstantSource clock)
            throws IOException {
        this.compiler = compiler;
        this.clock = clock;
        this.own = new HashSet<>(arguments.values("service-account-issuer"));
        String path = arguments.text("authentication-config", "");
        this.file = Path.of(path);
        boolean oidc = arguments.names().stream().anyMatch(name -> name.startsWith("oidc-"));
        try {
            this.byArgument = new Anonymous(arguments.flag("anonymous-auth", false), List.of());
            if (path.isEmpty()) {
                var issuer = AuthenticationConfig.ofArguments(arguments, clock);
                this.config = issuer == null
                        ? AuthenticationConfig.NONE
                        : new AuthenticationConfig(List.of(issuer), Optional.empty());
                this.watched = null;
                return;
            }
            if (oidc) {
                throw new IllegalArgumentException(
                        "authentication-config can't be given together with oidc-* arguments");
            }
        } catch (IllegalArgumentException e) {
            throw new IOException("kube-apiserver-arg " + e.getMessage(), e);
        }
        String content = ConfigNode.read(file);
        this.config = parse(content);
        if (config.anonymous().isPresent() && arguments.given("anonymous-auth")) {
            throw new IOException(file + ": anonymous can't be set together with the argument anonymous-auth");
        }
        this.watched = new WatchedFile(file, content, this::take);
    }

    private AuthenticationConfig parse(String content) throws IOException {
        try {
            return AuthenticationConfig.parse(content, compiler, own, clock);
        } catch (IllegalArgumentException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    private void take(String content) throws IOException {
        AuthenticationConfig before = config;
        config = parse(content);
        before.close();
    }

    List<JwtIssuer> issuers() {
        return config.issuers();
    }

    /**
     * Tells whether a request without credentials is let in, as system:anonymous.
     *
     * @param path what it asks for
     * @return whether it is
     */
    public boolean admitsAnonymous(String path) {
        return config.anonymous().orElse(byArgument).admits(path);
    }

    @Deactivate
    void deactivate() throws IOException {
        if (watched != null) {
            watched.close();
        }
        config.close();
    }

    @Override
    public Collection<? extends MetricFamily> metrics() {
        return watched == null ? List.of() : ReloadMetrics.of("authentication", true, watched);
    }
}
