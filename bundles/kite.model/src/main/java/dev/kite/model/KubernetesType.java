package dev.kite.model;

/** An object that says which API type it is: an object, a list, an options type or a Status. */
public interface KubernetesType {

    /** {@code apiVersion}: {@code v1} or {@code group/version}. */
    String apiVersion();

    /** {@code kind}. */
    String kind();
}
