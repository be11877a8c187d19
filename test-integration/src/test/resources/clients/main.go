// client-go against the cluster that KUBECONFIG names, in the namespace that is the only argument. Each line that it prints is a step that held.
package main

import (
	"context"
	"fmt"
	"os"
	"sync/atomic"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	applyv1 "k8s.io/client-go/applyconfigurations/core/v1"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/metadata"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/leaderelection"
	"k8s.io/client-go/tools/leaderelection/resourcelock"
	"k8s.io/client-go/util/retry"
)

func step(name string, held bool, err error) {
	if err != nil || !held {
		fmt.Fprintln(os.Stderr, name, "does not hold:", err)
		os.Exit(1)
	}
	fmt.Println(name)
}

func await(condition func() bool) bool {
	for i := 0; i < 300; i++ {
		if condition() {
			return true
		}
		time.Sleep(100 * time.Millisecond)
	}
	return false
}

func main() {
	ctx, namespace := context.Background(), os.Args[1]
	config, err := clientcmd.BuildConfigFromFlags("", os.Getenv("KUBECONFIG"))
	step("configuration", true, err)
	plain := kubernetes.NewForConfigOrDie(config)
	binary := *config
	binary.ContentType, binary.AcceptContentTypes = "application/vnd.kubernetes.protobuf", "application/vnd.kubernetes.protobuf"
	fast := kubernetes.NewForConfigOrDie(&binary)

	groups, resources, err := discovery.NewDiscoveryClientForConfigOrDie(config).ServerGroupsAndResources()
	step("discovery", len(groups) > 15 && len(resources) > 15, err)

	var added, updated, deleted atomic.Int32
	factory := informers.NewSharedInformerFactoryWithOptions(fast, 0, informers.WithNamespace(namespace))
	maps := factory.Core().V1().ConfigMaps()
	named := func(o any) bool { m, ok := o.(*corev1.ConfigMap); return ok && m.Labels["set"] == "go" }
	_, err = maps.Informer().AddEventHandler(cache.FilteringResourceEventHandler{FilterFunc: named, Handler: cache.ResourceEventHandlerFuncs{
		AddFunc: func(any) { added.Add(1) }, UpdateFunc: func(any, any) { updated.Add(1) }, DeleteFunc: func(any) { deleted.Add(1) }}})
	step("informer by protobuf", true, err)
	factory.Start(ctx.Done())
	synced := factory.WaitForCacheSync(ctx.Done())
	step("informer synced", len(synced) == 1, nil)

	created, err := fast.CoreV1().ConfigMaps(namespace).Create(ctx, &corev1.ConfigMap{
		ObjectMeta: metav1.ObjectMeta{Name: "one", Labels: map[string]string{"set": "go"}}, Data: map[string]string{"a": "1"}, BinaryData: map[string][]byte{"b": {0, 255}}}, metav1.CreateOptions{FieldValidation: "Strict"})
	step("create by protobuf", err == nil && created.UID != "" && created.Data["a"] == "1", err)
	err = retry.RetryOnConflict(retry.DefaultRetry, func() error {
		one, err := plain.CoreV1().ConfigMaps(namespace).Get(ctx, "one", metav1.GetOptions{})
		if err != nil {
			return err
		}
		one.Data["a"] = "2"
		_, err = fast.CoreV1().ConfigMaps(namespace).Update(ctx, one, metav1.UpdateOptions{})
		return err
	})
	step("update", true, err)
	step("stale update refused", apierrors.IsConflict(func() error { _, err := fast.CoreV1().ConfigMaps(namespace).Update(ctx, created, metav1.UpdateOptions{}); return err }()), nil)
	step("duplicate refused", apierrors.IsAlreadyExists(func() error {
		created.ResourceVersion = ""
		_, err := plain.CoreV1().ConfigMaps(namespace).Create(ctx, created, metav1.CreateOptions{})
		return err
	}()), nil)
	step("informer told", await(func() bool { return added.Load() == 1 && updated.Load() == 1 }), nil)
	cached, err := maps.Lister().ConfigMaps(namespace).Get("one")
	step("lister", err == nil && cached.Data["a"] == "2" && cached.BinaryData["b"][1] == 255, err)

	apply := applyv1.ConfigMap("applied", namespace).WithData(map[string]string{"x": "1"})
	_, err = plain.CoreV1().ConfigMaps(namespace).Apply(ctx, apply, metav1.ApplyOptions{FieldManager: "first"})
	step("server-side apply", true, err)
	_, err = plain.CoreV1().ConfigMaps(namespace).Apply(ctx, applyv1.ConfigMap("applied", namespace).WithData(map[string]string{"x": "2"}), metav1.ApplyOptions{FieldManager: "second"})
	step("conflict of managers", apierrors.IsConflict(err), nil)
	forced, err := plain.CoreV1().ConfigMaps(namespace).Apply(ctx, applyv1.ConfigMap("applied", namespace).WithData(map[string]string{"x": "2"}), metav1.ApplyOptions{FieldManager: "second", Force: true})
	step("forced", err == nil && forced.Data["x"] == "2", err)
	extracted, err := applyv1.ExtractConfigMap(forced, "second")
	step("extracted", err == nil && extracted.Data["x"] == "2", err)

	untyped := dynamic.NewForConfigOrDie(config).Resource(schema.GroupVersionResource{Version: "v1", Resource: "configmaps"}).Namespace(namespace)
	patched, err := untyped.Patch(ctx, "one", types.MergePatchType, []byte(`{"data":{"a":null,"c":"3"}}`), metav1.PatchOptions{})
	data, _, _ := unstructured.NestedStringMap(patched.Object, "data")
	step("dynamic merge patch", len(data) == 1 && data["c"] == "3", err)
	partial, err := metadata.NewForConfigOrDie(config).Resource(schema.GroupVersionResource{Version: "v1", Resource: "configmaps"}).Namespace(namespace).List(ctx, metav1.ListOptions{LabelSelector: "set=go"})
	step("metadata only", err == nil && len(partial.Items) == 1 && partial.Items[0].Name == "one", err)

	leading, released := make(chan string, 2), make(chan string, 2)
	run := func(id string, ctx context.Context) {
		lock := &resourcelock.LeaseLock{LeaseMeta: metav1.ObjectMeta{Name: "leader", Namespace: namespace}, Client: fast.CoordinationV1(), LockConfig: resourcelock.ResourceLockConfig{Identity: id}}
		leaderelection.RunOrDie(ctx, leaderelection.LeaderElectionConfig{Lock: lock, ReleaseOnCancel: true, LeaseDuration: 6 * time.Second, RenewDeadline: 4 * time.Second, RetryPeriod: time.Second,
			Callbacks: leaderelection.LeaderCallbacks{OnStartedLeading: func(context.Context) { leading <- id }, OnStoppedLeading: func() { released <- id }}})
	}
	first, stop := context.WithCancel(ctx)
	go run("first", first)
	step("leader", <-leading == "first", nil)
	second, end := context.WithCancel(ctx)
	go run("second", second)
	stop()
	step("next leader", <-released == "first" && <-leading == "second", nil)
	end()

	err = fast.CoreV1().ConfigMaps(namespace).DeleteCollection(ctx, metav1.DeleteOptions{}, metav1.ListOptions{LabelSelector: "set=go"})
	step("delete collection", true, err)
	step("deletion told", await(func() bool { return deleted.Load() == 1 }), nil)
	_, err = plain.CoreV1().ConfigMaps(namespace).Get(ctx, "one", metav1.GetOptions{})
	step("not found", apierrors.IsNotFound(err), nil)
}
