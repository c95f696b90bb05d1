"""CodeBuild: the project's key and its limit of builds at once, changing a project.

Not emulated: builds; moto answers that a build succeeded without running anything.
"""

from moto.codebuild.responses import CodeBuildResponse
from moto.core.responses import ActionResult

from lakehouse.homes.rehearsal.services.extending import replaces

# Parameters of UpdateProject that the project shows under the same name.
SHOWN_AS_GIVEN = (
    "artifacts",
    "cache",
    "concurrentBuildLimit",
    "description",
    "encryptionKey",
    "environment",
    "logsConfig",
    "queuedTimeoutInMinutes",
    "serviceRole",
    "source",
    "sourceVersion",
    "tags",
    "timeoutInMinutes",
    "vpcConfig",
)


@replaces(CodeBuildResponse)
def create_project(original, self: CodeBuildResponse) -> ActionResult:
    """CreateProject keeps the encryption key and the limit too."""
    answer = original(self)
    metadata = self.codebuild_backend.codebuild_projects[self._get_param("name")].project_metadata
    kept = {name: self._get_param(name) for name in ("concurrentBuildLimit", "encryptionKey")}
    metadata.update({name: value for name, value in kept.items() if value})
    return answer


def update_project(self: CodeBuildResponse) -> ActionResult:
    """UpdateProject: values that are not named stay."""
    metadata = self.codebuild_backend.codebuild_projects[self._get_param("name")].project_metadata
    asked = {name: self._get_param(name) for name in SHOWN_AS_GIVEN}
    metadata.update({name: value for name, value in asked.items() if value is not None})
    return ActionResult({"project": metadata})


CodeBuildResponse.update_project = update_project
