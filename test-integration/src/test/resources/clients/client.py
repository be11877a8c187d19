"""The official Python client against the cluster that KUBECONFIG names, in the namespace that is its only argument. Each line that it prints is a step that held."""
import os
import sys
import threading
import time

from kubernetes import client, config, dynamic, utils, watch
from kubernetes.client.rest import ApiException
from kubernetes.stream import stream

namespace = sys.argv[1]
config.load_kube_config(os.environ["KUBECONFIG"])
core = client.CoreV1Api()
apps = client.AppsV1Api()


def step(name, held):
    if not held:
        raise AssertionError(name)
    print(name, flush=True)


version = client.VersionApi().get_code()
step("version", version.major == "1" and version.minor == "36")

core.create_namespaced_config_map(namespace, {"metadata": {"name": "one", "labels": {"set": "python"}}, "data": {"a": "1"}})
listed = core.list_namespaced_config_map(namespace, label_selector="set=python")
step("list", [item.metadata.name for item in listed.items] == ["one"])

seen = []


def follow():
    w = watch.Watch()
    for event in w.stream(
        core.list_namespaced_config_map, namespace, label_selector="set=python",
        resource_version=listed.metadata.resource_version, timeout_seconds=30,
    ):
        seen.append((event["type"], event["object"].metadata.name))
        if event["type"] == "DELETED":
            w.stop()


follower = threading.Thread(target=follow)
follower.start()
core.create_namespaced_config_map(namespace, {"metadata": {"name": "two", "labels": {"set": "python"}}})
changed = core.patch_namespaced_config_map("two", namespace, {"data": {"b": "2"}})
step("strategic patch", changed.data == {"b": "2"})
changed = core.patch_namespaced_config_map("two", namespace, [{"op": "replace", "path": "/data/b", "value": "3"}])
step("JSON patch", changed.data == {"b": "3"})
core.delete_namespaced_config_map("two", namespace)
follower.join(40)
step("watch", seen == [("ADDED", "two"), ("MODIFIED", "two"), ("MODIFIED", "two"), ("DELETED", "two")])

stale = core.read_namespaced_config_map("one", namespace)
core.patch_namespaced_config_map("one", namespace, {"data": {"a": "2"}})
stale.data["a"] = "3"
try:
    core.replace_namespaced_config_map("one", namespace, stale)
    step("conflict", False)
except ApiException as refused:
    step("conflict", refused.status == 409)
try:
    core.create_namespaced_config_map(namespace, {"metadata": {"name": "Bad_Name"}})
    step("invalid", False)
except ApiException as refused:
    step("invalid", refused.status == 422 and "metadata.name" in refused.body)

discovered = dynamic.DynamicClient(client.ApiClient())
deployments = discovered.resources.get(api_version="apps/v1", kind="Deployment")
manifest = {
    "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"},
    "spec": {
        "replicas": 1, "selector": {"matchLabels": {"app": "web"}},
        "template": {
            "metadata": {"labels": {"app": "web"}},
            "spec": {"terminationGracePeriodSeconds": 1, "containers": [
                {"name": "main", "image": "busybox:1.36", "command": ["sh", "-c", "echo started; exec sleep 3600"]}]},
        },
    },
}
deployments.server_side_apply(body=manifest, name="web", namespace=namespace, field_manager="python")
applied = apps.read_namespaced_deployment("web", namespace)
step("server-side apply", any(entry.manager == "python" and entry.operation == "Apply" for entry in applied.metadata.managed_fields))

deadline = time.time() + 90
while not (apps.read_namespaced_deployment_status("web", namespace).status.available_replicas or 0) and time.time() < deadline:
    time.sleep(0.3)
pod = core.list_namespaced_pod(namespace, label_selector="app=web", field_selector="status.phase=Running").items[0].metadata.name
step("exec", stream(core.connect_get_namespaced_pod_exec, pod, namespace, command=["echo", "hi"], stdout=True, stderr=True, stdin=False, tty=False) == "hi\n")
step("log", core.read_namespaced_pod_log(pod, namespace, _preload_content=False).data == b"started\n")
apps.patch_namespaced_deployment_scale("web", namespace, {"spec": {"replicas": 0}})
step("scale", not apps.read_namespaced_deployment_scale("web", namespace).spec.replicas)
utils.create_from_dict(client.ApiClient(), {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s", "namespace": namespace}, "stringData": {"k": "v"}})
step("stringData", core.read_namespaced_secret("s", namespace).data == {"k": "dg=="})
for number in range(5):
    core.create_namespaced_config_map(namespace, {"metadata": {"generateName": "page-", "labels": {"set": "pages"}}})
names, token = [], None
while True:
    page = core.list_namespaced_config_map(namespace, label_selector="set=pages", limit=2, _continue=token)
    names += [item.metadata.name for item in page.items]
    token = page.metadata._continue
    if not token:
        break
step("pages", len(set(names)) == 5)
core.delete_collection_namespaced_config_map(namespace, label_selector="set=pages")
step("delete collection", not core.list_namespaced_config_map(namespace, label_selector="set=pages").items)
