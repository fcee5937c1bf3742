"""Model files: where they lie, and TOML in, a `Model` out, with every mistake at its file, line and key."""

from inotrope.population.model_files.folder import check_model, check_models, list_models, load_model, load_models

__all__ = ["check_model", "check_models", "list_models", "load_model", "load_models"]
