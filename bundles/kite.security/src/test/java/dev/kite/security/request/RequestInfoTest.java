package dev.kite.security.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kite.api.http.QueryParameters;
import dev.kite.security.RequestInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestInfoTest {
    private static RequestInfo parse(String method, String url) {
        int question = url.indexOf('?');
        return question < 0
                ? RequestInfo.of(method, url, QueryParameters.parse(""))
                : RequestInfo.of(
                        method, url.substring(0, question), QueryParameters.parse(url.substring(question + 1)));
    }

    /** The table of what Kubernetes documents for its URLs. */
    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(
            nullValues = "-",
            value = {
                // method, url, verb, group, version, namespace, resource, subresource, name
                "GET,    /api/v1/namespaces,                              list,   '', v1, '',    namespaces, '', ''",
                "GET,    /api/v1/namespaces/other,                        get,    '', v1, other, namespaces, '', other",
                "GET,    /api/v1/namespaces/other/pods,                   list,   '', v1, other, pods, '', ''",
                "GET,    /api/v1/namespaces/other/pods/foo,               get,    '', v1, other, pods, '', foo",
                "HEAD,   /api/v1/namespaces/other/pods/foo,               get,    '', v1, other, pods, '', foo",
                "GET,    /api/v1/pods,                                    list,   '', v1, '',    pods, '', ''",
                "HEAD,   /api/v1/pods,                                    list,   '', v1, '',    pods, '', ''",
                "GET,    /api/v1/nodes/n1,                                get,    '', v1, '',    nodes, '', n1",
                "GET,    /api/v1/nodes/n1/proxy/metrics,                  get,    '', v1, '',    nodes, proxy, n1",
                "POST,   /api/v1/namespaces,                              create, '', v1, '',    namespaces, '', ''",
                "POST,   /api/v1/namespaces/other/pods,                   create, '', v1, other, pods, '', ''",
                "PUT,    /api/v1/namespaces/other/pods/foo,               update, '', v1, other, pods, '', foo",
                "PATCH,  /api/v1/namespaces/other/pods/foo,               patch,  '', v1, other, pods, '', foo",
                "DELETE, /api/v1/namespaces/other/pods/foo,               delete, '', v1, other, pods, '', foo",
                "DELETE, /api/v1/namespaces/other/pods,                   deletecollection, '', v1, other, pods, '', ''",
                "DELETE, /api/v1/nodes,                                   deletecollection, '', v1, '', nodes, '', ''",
                "PUT,    /api/v1/namespaces/other/status,                 update, '', v1, other, namespaces, status, other",
                "PUT,    /api/v1/namespaces/other/finalize,               update, '', v1, other, namespaces, finalize, other",
                "GET,    /api/v1/namespaces/other/pods/foo/log,           get,    '', v1, other, pods, log, foo",
                "POST,   /api/v1/namespaces/other/pods/foo/exec,          create, '', v1, other, pods, exec, foo",
                "POST,   /api/v1/namespaces/other/serviceaccounts/a/token, create, '', v1, other, serviceaccounts, token, a",
                "GET,    /api/v1/watch/namespaces/other/pods,             watch,  '', v1, other, pods, '', ''",
                "GET,    /api/v1/watch/pods,                              watch,  '', v1, '', pods, '', ''",
                "GET,    /api/v1/namespaces/other/pods?watch=true,        watch,  '', v1, other, pods, '', ''",
                "GET,    /api/v1/namespaces/other/pods?watch=1,           watch,  '', v1, other, pods, '', ''",
                "GET,    /api/v1/namespaces/other/pods?watch=false,       list,   '', v1, other, pods, '', ''",
                "GET,    /api/v1/namespaces/other/pods/foo?watch=true,    get,    '', v1, other, pods, '', foo",
                "GET,    /api/v1/namespaces/other/pods?fieldSelector=metadata.name%3Dfoo, list, '', v1, other, pods, '', foo",
                "GET,    /api/v1/namespaces/other/pods?watch=1&fieldSelector=metadata.name=foo, watch, '', v1, other, pods, '', foo",
                "GET,    /api/v1/namespaces/other/pods?fieldSelector=metadata.name=a/b, list, '', v1, other, pods, '', ''",
                "GET,    /api/v1/namespaces/other/pods?fieldSelector=metadata.name!=foo, list, '', v1, other, pods, '', ''",
                "GET,    /apis/apps/v1/namespaces/other/deployments/d/scale, get, apps, v1, other, deployments, scale, d",
                "GET,    /apis/apps/v1/deployments,                       list,   apps, v1, '', deployments, '', ''",
                "GET,    /apis/extensions/v1beta3/namespaces/other/pods/,  list,  extensions, v1beta3, other, pods, '', ''",
                "POST,   /apis/rbac.authorization.k8s.io/v1/clusterroles, create, rbac.authorization.k8s.io, v1, '', clusterroles, '', ''",
                "GET,    /api/v1/proxy/namespaces/other/pods/foo/x,       proxy,  '', v1, other, pods, '', foo",
                "OPTIONS,/api/v1/pods,                                    '',     '', v1, '', pods, '', ''",
            })
    void resourceRequestsAreReadAsKubernetesDocuments(
            String method,
            String url,
            String verb,
            String group,
            String version,
            String namespace,
            String resource,
            String subresource,
            String name) {
        RequestInfo info = parse(method, url);
        assertThat(info.resourceRequest()).isTrue();
        assertThat(info)
                .extracting(
                        RequestInfo::verb,
                        RequestInfo::apiGroup,
                        RequestInfo::apiVersion,
                        RequestInfo::namespace,
                        RequestInfo::resource,
                        RequestInfo::subresource,
                        RequestInfo::name)
                .containsExactly(verb, group, version, namespace, resource, subresource, name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "",
                "/api",
                "/api/",
                "/api/v1",
                "/api/v1/",
                "/apis",
                "/apis/apps",
                "/apis/apps/v1",
                "/apis/apps/v1/",
                "/healthz",
                "/version/",
                "/openapi/v3/apis/apps/v1",
                "/other/v1/pods",
                "/api/v1/watch",
                "/apis/apps/v1/watch",
                "//",
                "/logs/x/y/z"
            })
    void whatIsNoResourcesPathIsANonResourceRequest(String path) {
        RequestInfo info = parse("GET", path);
        assertThat(info.resourceRequest()).isFalse();
        assertThat(info.verb()).isEqualTo("get");
        assertThat(info.path()).isEqualTo(path);
        assertThat(info.resource()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "/api/v1/nodes/n1/proxy/logs/a.log, /logs/a.log",
        "/api/v1/namespaces/x/services/s:http/proxy/, ''",
        "/api/v1/namespaces/x/pods/p/log, ''"
    })
    void whatFollowsASubresourceIsItsPath(String path, String subpath) {
        assertThat(parse("GET", path).subpath()).isEqualTo(subpath);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1//pods",
                "/api//v1/pods",
                "/api/v1/namespaces//pods",
                "/apis///x/y",
                "/api/v1/namespaces/../../x"
            })
    void oddPathsAreReadLiterallyAndNeverFail(String path) {
        assertThat(parse("GET", path).path()).isEqualTo(path);
    }
}
