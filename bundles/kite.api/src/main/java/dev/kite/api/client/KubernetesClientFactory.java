package dev.kite.api.client;

import dev.kite.api.security.UserInfo;
import java.nio.file.Path;

/** Makes clients. A service of kite.client. Thread-safe. */
public interface KubernetesClientFactory {
    /**
     * A client of the API server in this process. Requests fail while the API is not ready: who needs it requires its Ready marker.
     *
     * @param identity who the client is, for example {@code system:kube-scheduler}
     * @return the client, to be closed by the caller; clients of one identity share informers
     */
    KubernetesClient inProcess(UserInfo identity);

    /**
     * A client over HTTPS.
     *
     * @param kubeconfig the file that says where and who
     * @return the client, to be closed by the caller
     * @throws ApiException if the file can't be read
     */
    KubernetesClient remote(Path kubeconfig);
}
