package dev.kite.api.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The command-line flag behind a setting. Its name is the method's with underscores as hyphens ({@code https_listen_port} is {@code --https-listen-port} and
 * the configuration key {@code https.listen.port} of the PID {@code kite}); its default is the method's.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Flag {
    /** @return one line for --help */
    String value();

    /** @return the group in --help: Config, Logging, Listener, Data, Networking, Client, Cluster, Database, Flags, Components, Storage, Agent/Node, Agent/Runtime, Agent/Networking, Experimental */
    String group();

    /** @return the short flag without its hyphen, empty for none */
    String alias() default "";

    /** @return the environment variable that sets it, empty for none */
    String environment() default "";

    /** @return whether --help leaves it out */
    boolean hidden() default false;
}
