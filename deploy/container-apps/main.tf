# agw in Azure Container Apps, in the gateway's network; the same as main.bicep:
#   terraform apply -var image=IMAGE -var resource_group=GROUP -var subnet_id=SUBNET -var key_vault=VAULT \
#     -var approvers=S0123456789
#
# The Key Vault holds the secrets slack-bot-token, slack-app-token and database-url (postgresql://...). There is no
# volume: Container Apps offers file shares only, and SQLite needs the locks of a local disk
# (https://www.sqlite.org/faq.html#q5).

terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "~> 4.0"
    }
  }
}

provider "azurerm" {
  features {}
}

variable "image" {
  description = "The image that was built from the Dockerfile, by its full name."
  type        = string
}

variable "resource_group" {
  description = "Name of the resource group; the Key Vault is in it as well."
  type        = string
}

variable "subnet_id" {
  description = "Resource id of a subnet for Container Apps, in the network of the gateway or a peered one."
  type        = string
}

variable "key_vault" {
  description = "Name of the Key Vault with the secrets; it uses RBAC."
  type        = string
}

variable "approvers" {
  description = "Comma list of Slack user ids (U...) and user group ids (S...); empty: nobody may approve."
  type        = string
  default     = ""
}

variable "report_channels" {
  description = "Comma list of channel ids where a plain report is answered."
  type        = string
  default     = ""
}

variable "replicas" {
  description = "Replicas that share the database: one to ten."
  type        = number
  default     = 2

  validation {
    condition     = var.replicas >= 1 && var.replicas <= 10
    error_message = "From one replica to ten."
  }
}

variable "read_only" {
  description = "Only diagnose: there is no identity that may write, and no change is offered."
  type        = bool
  default     = false
}

locals {
  reading = jsondecode(file("${path.module}/../roles/reader.json"))
  writing = jsondecode(file("${path.module}/../roles/writer.json"))
  secrets = {
    SLACK_BOT_TOKEN  = "slack-bot-token"
    SLACK_APP_TOKEN  = "slack-app-token"
    AGW_DATABASE_URL = "database-url"
  }
  settings = {
    AZURE_CLIENT_ID      = azurerm_user_assigned_identity.agw.client_id
    AGW_WRITER_CLIENT_ID = var.read_only ? "" : azurerm_user_assigned_identity.writer[0].client_id
    AGW_SUBSCRIPTIONS    = data.azurerm_subscription.here.subscription_id
    AGW_APPROVERS        = var.approvers
    AGW_REPORT_CHANNELS  = var.report_channels
    AGW_READ_ONLY        = var.read_only ? "1" : "0"
    AGW_LOG_FORMAT       = "json"
  }
}

data "azurerm_subscription" "here" {}

data "azurerm_resource_group" "agw" {
  name = var.resource_group
}

data "azurerm_key_vault" "agw" {
  name                = var.key_vault
  resource_group_name = data.azurerm_resource_group.agw.name
}

resource "azurerm_user_assigned_identity" "agw" {
  name                = "agw"
  location            = data.azurerm_resource_group.agw.location
  resource_group_name = data.azurerm_resource_group.agw.name
}

# Only the call that changes a gateway is made as this one.
resource "azurerm_user_assigned_identity" "writer" {
  count               = var.read_only ? 0 : 1
  name                = "agw-writer"
  location            = data.azurerm_resource_group.agw.location
  resource_group_name = data.azurerm_resource_group.agw.name
}

resource "azurerm_role_assignment" "reads_secrets" {
  scope                = data.azurerm_key_vault.agw.id
  role_definition_name = "Key Vault Secrets User"
  principal_id         = azurerm_user_assigned_identity.agw.principal_id
}

resource "azurerm_role_definition" "agw" {
  name        = local.reading.Name
  description = local.reading.Description
  scope       = data.azurerm_subscription.here.id

  permissions {
    actions = local.reading.Actions
  }
}

resource "azurerm_role_assignment" "agw" {
  scope              = data.azurerm_subscription.here.id
  role_definition_id = azurerm_role_definition.agw.role_definition_resource_id
  principal_id       = azurerm_user_assigned_identity.agw.principal_id
}

resource "azurerm_role_definition" "writer" {
  count       = var.read_only ? 0 : 1
  name        = local.writing.Name
  description = local.writing.Description
  scope       = data.azurerm_subscription.here.id

  permissions {
    actions = local.writing.Actions
  }
}

resource "azurerm_role_assignment" "writer" {
  count              = var.read_only ? 0 : 1
  scope              = data.azurerm_subscription.here.id
  role_definition_id = azurerm_role_definition.writer[0].role_definition_resource_id
  principal_id       = azurerm_user_assigned_identity.writer[0].principal_id
}

resource "azurerm_container_app_environment" "agw" {
  name                           = "agw"
  location                       = data.azurerm_resource_group.agw.location
  resource_group_name            = data.azurerm_resource_group.agw.name
  infrastructure_subnet_id       = var.subnet_id
  internal_load_balancer_enabled = true

  workload_profile {
    name                  = "Consumption"
    workload_profile_type = "Consumption"
  }
}

resource "azurerm_container_app" "agw" {
  name                         = "agw"
  resource_group_name          = data.azurerm_resource_group.agw.name
  container_app_environment_id = azurerm_container_app_environment.agw.id
  revision_mode                = "Single"
  workload_profile_name        = "Consumption"
  depends_on                   = [azurerm_role_assignment.reads_secrets]

  identity {
    type         = "UserAssigned"
    identity_ids = concat([azurerm_user_assigned_identity.agw.id], azurerm_user_assigned_identity.writer[*].id)
  }

  dynamic "secret" {
    for_each = toset(values(local.secrets))
    content {
      name                = secret.value
      key_vault_secret_id = "${data.azurerm_key_vault.agw.vault_uri}secrets/${secret.value}"
      identity            = azurerm_user_assigned_identity.agw.id
    }
  }

  template {
    min_replicas                     = var.replicas
    max_replicas                     = var.replicas
    termination_grace_period_seconds = 20

    container {
      name   = "agw"
      image  = var.image
      cpu    = 0.5
      memory = "1Gi"

      dynamic "env" {
        for_each = local.secrets
        content {
          name        = env.key
          secret_name = env.value
        }
      }

      dynamic "env" {
        for_each = local.settings
        content {
          name  = env.key
          value = env.value
        }
      }

      liveness_probe {
        transport        = "HTTP"
        path             = "/healthz"
        port             = 8080
        interval_seconds = 30
        timeout          = 5
      }

      readiness_probe {
        transport        = "HTTP"
        path             = "/readyz"
        port             = 8080
        interval_seconds = 10
        timeout          = 5
      }
    }
  }
}

output "principal_id" {
  description = "Whom Azure knows the bot as when it reads."
  value       = azurerm_user_assigned_identity.agw.principal_id
}

output "writer_principal_id" {
  description = "Whom Azure knows it as when it changes a gateway; null if it never does."
  value       = one(azurerm_user_assigned_identity.writer[*].principal_id)
}
