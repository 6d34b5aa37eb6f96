"""The tables of a document as the beginning of a PAPER.yaml, for its reader to add relations and claims."""

import yaml

from cunzhi.studies.audit.spec.paper import Paper


def skeleton(paper: Paper) -> str:
    """YAML that `read_paper` takes; what is as usual is left out."""
    plain = paper.model_dump(mode="json", exclude_defaults=True)
    plain |= {"relations": [], "claims": []}
    return yaml.safe_dump(plain, allow_unicode=True, sort_keys=False, width=120)
