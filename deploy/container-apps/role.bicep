// What agw may do in a subscription, and who it is.
targetScope = 'subscription'

@description('The operations that it needs.')
param actions string[]

@description('Principal id of the identity that it runs as.')
param principalId string

var here = subscription().id

resource role 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(here, 'agw')
  properties: {
    roleName: 'Application Gateway medic'
    description: 'Diagnose and repair application gateways'
    type: 'CustomRole'
    permissions: [
      {
        actions: actions
        notActions: []
      }
    ]
    assignableScopes: [
      here
    ]
  }
}

resource assignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(here, principalId, role.id)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: role.id
  }
}

output roleId string = role.id
