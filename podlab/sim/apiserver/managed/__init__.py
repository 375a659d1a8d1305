"""Who owns which field of an object: kept for writes that name a field manager, beside the objects, never in them.

Upstream: sigs.k8s.io/structured-merge-diff, apimachinery/pkg/util/managedfields. Left out: components' writes (they name no manager),
fields of several API versions.
"""
